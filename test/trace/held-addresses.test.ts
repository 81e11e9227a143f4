import { readFileSync } from "node:fs";
import { expect, test } from "@jest/globals";
import type { LiveDomain, Nic } from "../../src/guest/nic.ts";
import { parseDomain } from "../../src/libvirt/domain/parse-domain.ts";
import { chooseHolder } from "../../src/trace/choose-nic.ts";
import type { Prefix } from "../../src/values/address.ts";
import type { IfName } from "../../src/values/names.ts";
import { parseXml } from "../../src/xml/parse.ts";
import { address } from "./recorded.ts";

const read = (name: string): LiveDomain => {
  const domain = parseDomain(parseXml(readFileSync(`fixtures/trace/${name}.xml`, "utf8")));
  if (!domain.ok) throw new Error(domain.problems.join());
  return domain.value;
};
const [from, to] = [read("g11"), read("g12")];
const ANY = { nic: null, vlan: null };

const chosen = (text: string, holders: readonly LiveDomain[], nic: string | null = null) => {
  const result = chooseHolder(
    from,
    holders.map((domain) => ({ domain })),
    { ...ANY, nic },
    address(text),
  );
  if (!result.ok) throw new Error(result.problems.join());
  const { value } = result;
  return value === null
    ? null
    : [value.from.nic.tap, value.holder.domain.name, value.to.nic.tap, value.to.address];
};

test("an address in the sender's VLAN is that of the guest beside it", () => {
  expect(chosen("10.20.0.12", [to])).toEqual(["g11-0", "g12", "g12-0", "10.20.0.12"]);
});

test("a routed address is that of a routed NIC", () => {
  expect(chosen("192.0.2.12", [to], "1")).toEqual(["g11-1", "g12", "g12-1", "192.0.2.12"]);
});

test("behind another routing table, the same address is another's", () => {
  const inVrf = (nic: Nic): Nic =>
    nic.attachment.kind === "routed"
      ? { ...nic, attachment: { ...nic.attachment, table: { kind: "vrf", vrf: "red" as IfName } } }
      : nic;
  const other = { ...to, nics: to.nics.map(inVrf) };
  expect(chosen("192.0.2.12", [other], "1")).toBeNull();
  expect(chosen("192.0.2.12", [other, to], "1")).toEqual(["g11-1", "g12", "g12-1", "192.0.2.12"]);
});

test("an address in a network that is routed to a guest leads to that guest", () => {
  const withPrefix = (nic: Nic): Nic =>
    nic.tap === "g12-1" && nic.attachment.kind === "routed"
      ? { ...nic, attachment: { ...nic.attachment, prefixes: ["203.0.113.0/28" as Prefix] } }
      : nic;
  const router = { ...to, nics: to.nics.map(withPrefix) };
  expect(chosen("203.0.113.15", [router], "1")).toEqual(["g11-1", "g12", "g12-1", "203.0.113.15"]);
  expect(chosen("203.0.113.16", [router], "1")).toBeNull();
});

test("without a guest that has the address there is none", () => {
  expect(chosen("10.20.0.12", [])).toBeNull();
  expect(chosen("10.20.0.99", [to])).toBeNull();
});
