import type { HookEngine } from "../../../lab/engines.ts";
import { type Lab, type Libvirt, type Machine, openLab } from "../../../lab/lab.ts";
import { installHook } from "../host/install-hook.ts";
import { network } from "../host/network.ts";

/** A host with libvirt, our hook and two bridges, of which one would put every port into VLAN 1. */
export interface TwoBridges {
  readonly lab: Lab;
  readonly host: Machine;
  readonly libvirt: Libvirt;
  /** All that guests could change or leave behind, with the settings of each port. */
  readonly state: () => Promise<string>;
  /** `virsh`, which has to succeed and say nothing on stderr. */
  readonly virsh: (...args: readonly string[]) => Promise<string>;
  /** What the hook has said since it was last asked: on standard output, never anything; on stderr; in the journal. */
  readonly said: () => Promise<{
    readonly stdout: string;
    readonly stderr: string;
    readonly journal: string;
  }>;
}

export const NEEDS = ["vlan-filtering", "libvirt"] as const;
export const BRIDGES = `
  ip link add br0 address 02:00:00:00:00:10 type bridge vlan_filtering 1 vlan_default_pvid 0 mcast_snooping 0
  ip link add br1 address 02:00:00:00:00:11 type bridge vlan_filtering 1 mcast_snooping 0
  for br in br0 br1; do ip link set $br up; done`;

/** What every guest of these tests has: an access port on one bridge, a trunk on the other. */
export const NICS = [
  { type: "bridge", bridge: "br0", vlan: 20 },
  { type: "bridge", bridge: "br1", trunk: ["30-31"], native: 10, isolated: true },
];

// The hook itself, and what it says; and kill -9 of libvirtd at the operation that /run/kill-at names, while the hook works.
// /run is the machine's own.
const RECORDER = `#!/bin/sh
if [ -e /run/kill-at ] && [ "$2" = "$(cat /run/kill-at)" ]; then
  rm /run/kill-at
  kill -9 $(cat /run/libvirtd.pid)
fi
/run/hook "$@" >>/run/hook.stdout 2>/run/stderr.$$
status=$?
cat /run/stderr.$$ >>/run/hook.stderr
cat /run/stderr.$$ >&2
exit $status
`;
const LOGGER = `#!/bin/sh
echo "$*" >>/run/hook.journal
`;

export const openTwoBridges = async (engine?: HookEngine): Promise<TwoBridges> => {
  const lab = await openLab(NEEDS);
  const host = await lab.machine("host");
  await host.sh(BRIDGES);
  await host.writeFile("/etc/libvirt/hooks/qemu", RECORDER, 0o755);
  await host.writeFile("/run/logger", LOGGER, 0o755);
  await installHook(host, engine, "/run/hook");
  await host.sh(`
    mount --bind /run/logger "$(readlink -f "$(command -v logger)")"
    : >/run/hook.stdout; : >/run/hook.stderr; : >/run/hook.journal`);
  const libvirt = await host.libvirt();
  return {
    lab,
    host,
    libvirt,
    state: async () => {
      const ports = await host.sh(`
        for port in $(ip -br link show type tun | cut -d' ' -f1); do
          echo $port $(ip -details link show dev $port | grep -oE '(learning|locked|isolated|guard|root_block) (on|off)') \\
            $(cat /proc/sys/net/ipv6/conf/$port/disable_ipv6)
        done`);
      // Whether QEMU has opened the tap yet is a matter of milliseconds.
      return `${(await network(host)).replaceAll(/^(\S+ +)(UP|DOWN|UNKNOWN) +/gm, "$1")}${ports}`;
    },
    virsh: async (...args) => {
      const ran = await libvirt.virsh(...args);
      if (ran.code !== 0 || ran.stderr !== "") throw new Error(`virsh ${args.join(" ")}: ${ran.stderr}`);
      return ran.stdout;
    },
    said: async () => {
      const take = (what: string): Promise<string> => host.sh(`cat /run/hook.${what}; : >/run/hook.${what}`);
      return { stdout: await take("stdout"), stderr: await take("stderr"), journal: await take("journal") };
    },
  };
};
