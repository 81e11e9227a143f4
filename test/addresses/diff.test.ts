import { expect, test } from "@jest/globals";
import {
  addressDiff,
  describeAddressDifference,
  type KnownAddresses,
  knownDomain,
  knownProfile,
} from "../../src/addresses/diff.ts";
import { domainOf, guest, profileOf } from "../support/profiles.ts";

const web = (host: string | null, address = "192.0.2.1"): KnownAddresses =>
  knownProfile(
    profileOf({
      ...guest({ type: "routed", addresses: [address], prefixes: ["192.0.2.64/28"] }),
      name: "web",
    }),
    host,
  );
const runs = (name: string, host: string, ...addresses: readonly string[]) => ({
  ...knownDomain(
    domainOf({ ...guest({ type: "routed", addresses, prefixes: ["192.0.2.64/28"] }), name }),
    host,
  ),
  host,
});
const told = (...args: Parameters<typeof addressDiff>) => addressDiff(...args).map(describeAddressDifference);

test("a guest that runs as its profile says, on its host, with or without a domain, is no difference", () => {
  expect(told([web("kvm1")], [runs("web", "kvm1.example.org", "192.0.2.1")], ["kvm1.example.org"])).toEqual(
    [],
  );
  expect(told([web(null)], [runs("web", "kvm2", "192.0.2.1")], ["kvm2"])).toEqual([]);
});

test("a guest that runs on another host", () => {
  expect(told([web("kvm1")], [runs("web", "kvm2", "192.0.2.1")], ["kvm1", "kvm2"])).toEqual([
    "guest web runs on kvm2, but its host.json is that of kvm1",
  ]);
});

test("a guest that runs nowhere, unless its host was not asked", () => {
  expect(told([web("kvm1")], [], ["kvm1"])).toEqual([
    "guest web is not running at all, on kvm1 or any other host",
  ]);
  expect(told([web(null)], [], ["kvm1"])).toEqual(["guest web is not running at all"]);
  expect(told([web("kvm1")], [], ["kvm2"])).toEqual([]);
});

test("of a guest that runs nowhere, which others have its addresses", () => {
  const running = [runs("db", "kvm2", "192.0.2.1")];
  expect(told([web("kvm1")], running, ["kvm1", "kvm2"], ["web"])).toEqual([
    "guest web is not running at all, on kvm1 or any other host; db on kvm2 has its 192.0.2.1; db on kvm2 has its 192.0.2.64/28",
  ]);
});

test("a guest that is named is told of, even if its host was not asked, and no other is", () => {
  expect(told([web("kvm1")], [], ["kvm2", "kvm3"], ["web"])).toEqual([
    "guest web is not running on kvm2, kvm3; its host kvm1 was not queried",
  ]);
  expect(told([web("kvm1")], [runs("db", "kvm1", "192.0.2.9")], ["kvm1"], ["web"])).toEqual([
    "guest web is not running at all, on kvm1 or any other host; db on kvm1 has its 192.0.2.64/28",
  ]);
});

test("an address that another guest has, one that no profile has, and a guest without a profile", () => {
  const running = [runs("web", "kvm1", "192.0.2.2"), runs("db", "kvm2", "192.0.2.1")];
  expect(told([web("kvm1")], running, ["kvm1", "kvm2"])).toEqual([
    "guest web on kvm1 runs without 192.0.2.1, which db on kvm2 has",
    "guest web on kvm1 runs with 192.0.2.2, which its profile does not have",
    "guest db on kvm2 has no profile; it has 192.0.2.1, 192.0.2.64/28",
  ]);
});

test("addresses of a port without anti-spoofing are not known, in the profile or on the host", () => {
  const nic = { type: "bridge", bridge: "br0", vlan: 20, addresses: ["10.0.0.5/24"] };
  const known = (antispoof: boolean) => [...knownProfile(profileOf(guest({ ...nic, antispoof })), null).what];
  expect([known(true), known(false)]).toEqual([["10.0.0.5"], []]);
  expect([...knownDomain(domainOf(guest({ ...nic, antispoof: true })), "h").what]).toEqual(["10.0.0.5"]);
});
