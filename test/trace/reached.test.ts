import { expect, test } from "@jest/globals";
import { isBridged } from "../../src/guest/nic.ts";
import type { GuestParty } from "../../src/trace/party.ts";
import type { HostOutputs } from "../../src/trace/observed/observed-host.ts";
import { isReached } from "../../src/trace/reached.ts";
import type { Vid } from "../../src/values/vid.ts";
import { address, guestOn, HEALTHY } from "./recorded.ts";

/** The recorded host with a device in VLAN 20, which has 10.20.0.1/24. */
const hostIn = (vrf: string | null): HostOutputs => ({
  ...HEALTHY,
  links: [
    ...HEALTHY.links,
    {
      ...{ ifname: "br0.20", link: "br0", flags: ["UP", "LOWER_UP"], mtu: 1500 },
      ...(vrf === null ? {} : { master: vrf }),
      linkinfo: { info_kind: "vlan", info_data: { id: 20 } },
    },
  ],
  addresses: [
    ...HEALTHY.addresses,
    { ifname: "br0.20", addr_info: [{ family: "inet", local: "10.20.0.1", prefixlen: 24 }] },
  ],
});

const bridged = (raw: HostOutputs): GuestParty => guestOn("g11", 0, raw);
const inVlan = (vlan: number, text: string): GuestParty => {
  const guest = guestOn("g12", 0, HEALTHY);
  const { nic } = guest;
  if (!isBridged(nic) || nic.attachment.kind !== "access") throw new Error("not an access port");
  const attachment = { ...nic.attachment, vlan: vlan as Vid };
  return { ...guest, nic: { ...nic, attachment }, address: address(text) };
};

test("an address that a guest has on link is in its VLAN, and not that of a guest in another", () => {
  const from = bridged(hostIn(null));
  expect(isReached(from, inVlan(20, "10.20.0.12"))).toBe(true);
  expect(isReached(from, inVlan(30, "10.20.0.12"))).toBe(false);
  expect(isReached(from, inVlan(30, "10.30.0.12"))).toBe(true);
});

test("without a network of the host's in the VLAN, an address elsewhere may be behind a router", () => {
  expect(isReached(bridged(HEALTHY), inVlan(30, "10.20.0.12"))).toBe(true);
});

test("a VLAN and a routed NIC in a VRF reach each other where the host's device in the VLAN is in it", () => {
  const [main, inVrf] = [1, 2].map((nic) => guestOn("g12", nic, HEALTHY));
  if (main === undefined || inVrf === undefined) throw new Error("g12 has two routed NICs");
  const reached = (raw: HostOutputs, other: GuestParty): readonly boolean[] => [
    isReached(bridged(raw), other),
    isReached(other, bridged(raw)),
  ];
  expect(reached(hostIn(null), main)).toEqual([true, true]);
  expect(reached(hostIn(null), inVrf)).toEqual([false, false]);
  expect(reached(hostIn("red"), inVrf)).toEqual([false, false]);
  expect(reached(hostIn("blue"), inVrf)).toEqual([true, true]);
});
