import { expect, test } from "@jest/globals";
import { conflictsOf, describeConflict, type PlacedGuest } from "../../src/survey/conflicts.ts";
import { domainOf, guest } from "../support/profiles.ts";

const routed = (more: object): object => ({ type: "routed", ...more });
const port = (more: object): object => ({ type: "bridge", bridge: "br0", vlan: 20, ...more });
const trunk = (more: object): object => ({ type: "bridge", bridge: "br0", trunk: [30], ...more });
const sharing = (address: string, guests: readonly string[]): object =>
  port({ addresses: [address], sharedAddresses: [{ address: "192.0.2.9", guests }] });
const on = (host: string, name: string, nic: object, more: object = {}, paused = false): PlacedGuest => ({
  host,
  domain: domainOf({ ...guest(nic), name, ...more }),
  paused,
});
const told = (...guests: readonly PlacedGuest[]): readonly string[] =>
  conflictsOf(guests).map(describeConflict);
const ONE = routed({ addresses: ["192.0.2.1", "2001:db8::1"] });

test("guests that have nothing in common do not clash", () => {
  expect(told(on("h1", "a", ONE), on("h2", "b", routed({ addresses: ["192.0.2.2"] })))).toEqual([]);
});

test("one guest that runs on two hosts is told once", () => {
  const [one, ...more] = told(on("h1", "a", ONE), on("h2", "a", ONE));
  expect(one).toMatch(/^guest a \([0-9a-f-]{36}\) runs twice: on h1 and on h2; destroy one/);
  expect(more).toEqual([]);
});

test.each([
  ["copied to", false, true],
  ["taken from", true, false],
  ["paused on both while it moves from", true, true],
])("a guest that is being %s another host is no clash", (_, first, second) => {
  expect(told(on("h1", "a", ONE, {}, first), on("h2", "a", ONE, {}, second))).toEqual([]);
});

test("another guest that is only paused still has what it has", () => {
  const mac = "52:54:00:aa:00:01";
  expect(told(on("h1", "a", port({ mac })), on("h2", "b", port({ mac }), {}, true))).toEqual([
    `the MAC address ${mac} is that of a (a-0) on h1 and of b (b-0) on h2`,
  ]);
});

test("two guests of one name cannot meet", () => {
  const uuid = "00000000-0000-4000-8000-000000000001";
  const nic = port({ mac: "52:54:00:aa:00:02" });
  expect(told(on("h1", "a", port({})), on("h2", "a", nic, { uuid }))).toEqual([
    "two guests are called a: on h1 and on h2; neither can move to the other's host",
  ]);
});

test.each<[string, object, object, readonly string[]]>([
  [
    "the same address",
    ONE,
    routed({ addresses: ["2001:db8::1"] }),
    ["the address 2001:db8::1 is that of a (a-0) on h1 and of b (b-0) on h2"],
  ],
  [
    "anycast in both",
    routed({ addresses: ["192.0.2.1"], anycast: true }),
    routed({ addresses: ["192.0.2.1"], anycast: true }),
    [],
  ],
  [
    "anycast in one",
    routed({ addresses: ["192.0.2.1"], anycast: true }),
    routed({ addresses: ["192.0.2.1"] }),
    ["the address 192.0.2.1 is that of a (a-0) on h1 and of b (b-0) on h2"],
  ],
  [
    "another VRF",
    routed({ addresses: ["192.0.2.1"], vrf: "red" }),
    routed({ addresses: ["192.0.2.1"], vrf: "blue" }),
    [],
  ],
  [
    "another VLAN",
    port({ addresses: ["192.0.2.1/24"] }),
    port({ addresses: ["192.0.2.1/24"], vlan: 30 }),
    [],
  ],
  [
    "the same VLAN",
    port({ addresses: ["192.0.2.1/24"] }),
    port({ addresses: ["192.0.2.1/24"] }),
    ["the address 192.0.2.1 is that of a (a-0) on h1 and of b (b-0) on h2"],
  ],
  [
    "a VLAN that one has tagged",
    port({ vlan: 30, addresses: ["192.0.2.1/24"] }),
    trunk({ vlanAddresses: { 30: { addresses: ["192.0.2.1/24"] } } }),
    ["the address 192.0.2.1 is that of a (a-0) on h1 and of b (b-0) on h2"],
  ],
  [
    "another VLAN that one has tagged",
    port({ addresses: ["192.0.2.1/24"] }),
    trunk({ native: 20, addresses: [], vlanAddresses: { 30: { addresses: ["192.0.2.1/24"] } } }),
    [],
  ],
  [
    "an address that both share",
    sharing("192.0.2.1/24", ["a", "b"]),
    sharing("192.0.2.2/24", ["a", "b"]),
    [],
  ],
  [
    "an address that only one shares with the other",
    sharing("192.0.2.1/24", ["b"]),
    sharing("192.0.2.2/24", ["c"]),
    ["the address 192.0.2.9 is that of a (a-0) on h1 and of b (b-0) on h2"],
  ],
  [
    "one in another's prefix",
    routed({ addresses: ["192.0.2.1"], prefixes: ["198.51.100.0/24"] }),
    routed({ addresses: ["198.51.100.7"] }),
    ["198.51.100.7 of b (b-0) on h2 is inside 198.51.100.0/24 of a (a-0) on h1"],
  ],
])("addresses: %s", (_, one, other, clashes) => {
  expect(told(on("h1", "a", one), on("h2", "b", other))).toEqual(clashes);
});

test("a guest's own networks may be inside each other", () => {
  expect(told(on("h1", "a", routed({ addresses: ["192.0.2.1"], prefixes: ["192.0.2.0/28"] })))).toEqual([]);
});

test("a thousand guests with one address are as many reports, not as many as there are pairs", () => {
  const guests = Array.from({ length: 1000 }, (_, at) =>
    on("h", `g${String(at)}`, routed({ addresses: ["192.0.2.1"] })),
  );
  expect(conflictsOf(guests)).toHaveLength(999);
});
