import { expect, test } from "@jest/globals";
import { type Address, parseAddress } from "../../../../src/values/address.ts";
import { type IfName, parseIfName } from "../../../../src/values/names.ts";
import { NO_SCOPE } from "../../../../src/kernel/facts/scope.ts";
import { observeNeighbours } from "../../../../src/kernel/facts/route/neigh.ts";
import { observeProxies } from "../../../../src/kernel/facts/route/neigh-proxy.ts";
import { recorded } from "../../../support/recorded.ts";

const UPLINK = parseIfName("up0") ?? ("" as IfName);
const address = (text: string) => parseAddress(text) ?? ("" as Address);
const scope = (...texts: readonly string[]) => ({
  ...NO_SCOPE,
  proxies: texts.map((text) => ({ address: address(text), dev: UPLINK })),
});
const seen = (...texts: readonly string[]): readonly string[] =>
  observeProxies(UPLINK, scope(...texts), recorded("neigh-proxy")).map(({ address }) => address);

test("reads the neighbours of our protocol, as ip really printed them", () => {
  expect(observeNeighbours(UPLINK, recorded("neigh"))).toEqual([
    { kind: "neigh", address: "fe80::5054:ff:fe12:3456", dev: UPLINK, mac: "52:54:00:12:34:56" },
  ]);
});

test.each([
  [[null]],
  [[{ dst: "fe80::1", protocol: "76" }]],
  [[{ lladdr: "52:54:00:12:34:56", protocol: "76" }]],
])("nonsense is no neighbour: %j", (documents) => {
  expect(observeNeighbours(UPLINK, documents)).toEqual([]);
});

test("reads the proxies of our protocol that are asked about, as ip really printed them", () => {
  expect(seen("192.0.2.1", "2001:db8::1")).toEqual(["192.0.2.1", "2001:db8::1"]);
});

test("an administrator's own is none of ours, nor is another guest's", () => {
  expect(seen("192.0.2.7")).toEqual([]);
  expect(seen("2001:db8::1")).toEqual(["2001:db8::1"]);
  expect(seen()).toEqual([]);
});

test.each([[[null]], [[{ dst: 7, protocol: "76" }]], [[{ dst: "192.0.2.1", protocol: 76 }]]])(
  "nonsense is no proxy: %j",
  (documents) => {
    expect(observeProxies(UPLINK, scope("192.0.2.1"), documents)).toEqual([]);
  },
);
