import { type Network, type Port, toNetworks } from "../../src/diagram/topology.ts";
import { ROUTED } from "../../src/guest/kinds/routed.ts";
import { isPassed } from "../../src/guest/profile.ts";
import { profileOf } from "../support/profiles.ts";

const on = (vlan: number, bridge = "br0") => ({ type: "bridge", bridge, vlan });
const many = (name: string, count: number, nics: (n: number) => readonly object[]) =>
  Array.from({ length: count }, (_, index) => ({
    name: `${name}${String(index + 1)}`,
    nics: nics(index + 1),
  }));

/** Forty guests as an installation has them: three VLANs, trunks, a second bridge, and routed ones. */
const guests = [
  ...many("web", 9, () => [on(20)]),
  ...many("db", 7, () => [on(30)]),
  ...many("mail-relay-of-a-customer-", 5, () => [on(40)]),
  ...many("backup", 4, () => [on(20), on(99, "br1")]),
  {
    name: "fw1",
    nics: [{ type: "bridge", bridge: "br0", trunk: [20, 30, "100-199"], native: 40 }, on(99, "br1")],
  },
  { name: "fw2", nics: [{ type: "bridge", bridge: "br0", trunk: [20, 30, 40] }] },
  ...many("dns", 12, (n) => [
    {
      type: "routed",
      addresses: [`2001:db8:0:1::${String(n)}`, `192.0.2.${String(n)}`],
      prefixes: n % 3 === 0 ? [`2001:db8:${String(n)}::/64`] : [],
    },
  ]),
  { name: "test-of-old-bridge", nics: [{ type: "bridge", bridge: "br-lab", filtering: false }] },
];

const WRONG: Readonly<Record<string, readonly string[]>> = {
  "web3-0": ["missing: VLAN 20 pvid untagged on web3-0", "unexpected: VLAN 1 pvid untagged on web3-0"],
  "dns7-0": ["missing: route 192.0.2.7/32 dev dns7-0"],
};

export const ports: readonly Port[] = guests.flatMap(({ name, nics }) =>
  profileOf({ name, memory: "1 GiB", interfaces: nics }).interfaces.map((nic) => {
    const tap = isPassed(nic) ? nic.mac : nic.tap;
    return { guest: name, nic: tap, attachment: nic.attachment, wrong: WRONG[tap] ?? [] };
  }),
);

export const uplinks = new Map([
  ["br0", ["enp1s0", "bond0"]],
  ["br1", ["enp3s0"]],
  [ROUTED, ["enp2s0"]],
]);

export const HEADING = { title: "kvm1", date: "2026-11-27 12:00 UTC" };

export const sample = (): readonly Network[] => toNetworks(ports, uplinks);
