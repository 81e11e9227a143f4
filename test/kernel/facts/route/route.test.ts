import { expect, test } from "@jest/globals";
import type { Fact } from "../../../../src/kernel/facts/fact.ts";
import { type IfName, parseIfName } from "../../../../src/values/names.ts";
import { observeAddresses } from "../../../../src/kernel/facts/route/address.ts";
import { observeRoutes } from "../../../../src/kernel/facts/route/route.ts";
import { tableWords } from "../../../../src/values/route-table.ts";
import { recorded } from "../../../support/recorded.ts";

const TAP = parseIfName("dns1-0") ?? ("" as IfName);
const OWN = { dev: TAP, alias: "guestnet:1", draft: TAP, anycast: false };

const line = (fact: Fact): string =>
  fact.kind === "route"
    ? `${fact.to} via ${fact.via ?? "nothing"}`
    : fact.kind === "address"
      ? `${fact.address}/${fact.length}`
      : fact.kind;

test("reads the gateways as ip really printed them", () => {
  expect(observeAddresses(TAP, recorded("address")).map(line)).toEqual(["169.254.0.1/32", "fe80::1/64"]);
});

test("reads host routes without their length, and networks via the guest, as ip really printed them", () => {
  expect(observeRoutes(OWN, recorded("route")).map(line)).toEqual([
    "192.0.2.53/32 via nothing",
    "198.51.100.0/28 via 192.0.2.53",
    "2001:db8:0:1::53/128 via nothing",
    "2001:db8:53::/64 via 2001:db8:0:1::53",
  ]);
});

test("reads tables and metrics as ip -N really printed them", () => {
  const shown = observeRoutes(OWN, recorded("route-numeric")).map(
    ({ to, table, metric }) => `${to}${tableWords(table)} ${metric}`,
  );
  expect(shown).toEqual([
    "192.0.2.54/32 table 100 50",
    "198.51.100.0/28 table 100 50",
    "192.0.2.53/32 0",
    "2001:db8:0:1::53/128 1024",
    "2001:db8:53::/64 1024",
  ]);
});

test("a tap without addresses and routes has none", () => {
  expect([...observeAddresses(TAP, []), ...observeRoutes(OWN, [])]).toEqual([]);
});

test.each([[[null]], [[{}]], [[{ dst: 7 }]], [[{ addr_info: [{ local: "fe80::1" }] }]]])(
  "nonsense is no fact: %j",
  (documents) => {
    expect([...observeAddresses(TAP, documents), ...observeRoutes(OWN, documents)]).toEqual([]);
  },
);
