import type { Host } from "../host.ts";

/** What the kernel has of a device that a network manager may change, without counters and times. */
const SHOW = (tap: string): string => `
  ip -details -oneline link show dev ${tap} | grep -oE '<[A-Z_,]+>|master [a-z0-9]+|locked o[nf]+|learning o[nf]+|addrgenmode [a-z0-9]+'
  bridge vlan show dev ${tap} | tr -s ' '
  bridge fdb show dev ${tap} | grep ' static' | sort
  ip address show dev ${tap} | grep -oE 'inet6? [^ ]+'
  ip route show dev ${tap}
  ip -6 route show dev ${tap} proto 76
  grep . /proc/sys/net/ipv6/conf/${tap}/disable_ipv6`;

/** The state of a guest's taps as text. The same text means that nothing has changed. */
export const stateOfTaps = async (host: Host, taps: readonly string[]): Promise<string> =>
  (await host.run(["bash", "-c", taps.map(SHOW).join("\n")])).stdout;
