// FRR on two hosts, with the configuration that we ship: it tells each bridge which addresses are behind the other host.
import { readFileSync } from "node:fs";
import type { EvpnFrr } from "../../../lab/packages/frr.ts";
import type { Machine } from "../../../lab/lab.ts";
import { underlayAddress } from "./overlay.ts";

/** The shipped configuration, with the addresses of a host and of its only neighbour. */
const configuration = (own: number, other: number): string =>
  readFileSync("templates/frr-evpn.conf", "utf8")
    .replaceAll("192.0.2.11", underlayAddress("ipv4", own))
    .replaceAll("192.0.2.12", underlayAddress("ipv4", other));

/** Starts FRR as its unit does. */
export const startEvpn = async (
  host: Machine,
  { zebra, bgpd }: EvpnFrr,
  own: number,
  other: number,
): Promise<void> => {
  await host.writeFile("/etc/frr/frr.conf", configuration(own, other), 0o640);
  await host.sh(`
    install -d -o frr -g frr /run/frr /var/run/frr; touch /etc/frr/vtysh.conf; chown frr:frr /etc/frr/frr.conf
    ${zebra} -d -f /etc/frr/frr.conf; ${bgpd} -d -f /etc/frr/frr.conf`);
};

/** Where FRR takes MAC addresses to be: `local web1-0`, `remote 198.51.100.12`, with `sticky` where it does not let them move. */
export const evpnMacs = async (
  host: Machine,
  { vtysh }: EvpnFrr,
): Promise<Readonly<Record<string, string>>> => {
  interface Shown {
    readonly macs?: Readonly<
      Record<
        string,
        {
          readonly type: string;
          readonly intf?: string;
          readonly remoteVtep?: string;
          readonly sticky?: boolean;
        }
      >
    >;
  }
  const text = await host.sh(`${vtysh} -c 'show evpn mac vni all json' 2>/dev/null`);
  const all = Object.values(JSON.parse(text) as Readonly<Record<string, Shown>>);
  return Object.fromEntries(
    all.flatMap(({ macs = {} }) =>
      Object.entries(macs).map(([mac, { type, intf, remoteVtep, sticky }]) => [
        mac,
        `${type} ${intf ?? remoteVtep ?? ""}${sticky === true ? " sticky" : ""}`,
      ]),
    ),
  );
};
