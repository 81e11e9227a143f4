import { describe, expect, test } from "@jest/globals";
import { parsePrefix, type Prefix } from "../../../../src/values/address.ts";
import { lookupQueries } from "../../../../src/kernel/facts/route/found-route.ts";
import type { Lookup } from "../../../../src/kernel/facts/scope.ts";
import { questionLine } from "../../../../src/kernel/facts/question.ts";
import { parseIfName } from "../../../../src/values/names.ts";
import { MAIN, type RouteTable } from "../../../../src/values/route-table.ts";
import { recorded } from "../../../support/recorded.ts";

const lookup = (to: string, table: RouteTable = MAIN): Lookup => ({
  to: parsePrefix(to) ?? ("" as Prefix),
  table,
});
const red = parseIfName("red");
const vrf: RouteTable = red === null ? MAIN : { kind: "vrf", vrf: red };
const lines = (sought: Lookup): readonly string[] => lookupQueries(sought).map(questionLine);

describe("what is asked", () => {
  test.each([
    ["an address", lookup("192.0.2.1/32"), ["route get fibmatch 192.0.2.1"]],
    ["one in a VRF", lookup("2001:db8::1/128", vrf), ["route get fibmatch 2001:db8::1 oif red"]],
    [
      "a network",
      lookup("2001:db8:53::/64"),
      ["route get fibmatch 2001:db8:53::", "route show table all root 2001:db8:53::/64 proto 76"],
    ],
    [
      "a network in a table",
      lookup("198.51.100.0/28", { kind: "table", id: 100 }),
      [
        "route get fibmatch 198.51.100.0",
        "route show table all match 198.51.100.0/28",
        "route show table all root 198.51.100.0/28 proto 76",
      ],
    ],
  ])("about %s", (_, sought, expected) => {
    expect(lines(sought)).toEqual(expected);
  });
});

/** What the question with this index reads in what ip really printed. */
const reads = (sought: Lookup, index: number, name: string): readonly string[] =>
  (lookupQueries(sought)[index]?.read(recorded(name)) ?? []).map(
    ({ to, type, dev, protocol, table }) =>
      `${type} ${to ?? "default"} ${dev ?? "hops"} ${protocol} ${table ?? "looked up"}`,
  );

describe("what ip really printed", () => {
  const one = lookup("192.0.2.1/32");
  test.each([
    ["a guest's route", "found-guest", "unicast 192.0.2.53/32 dns1-0 76 looked up"],
    ["the host's own address", "found-local", "local 2001:db8:ff::2/128 up0 2 looked up"],
    ["what the host broadcasts to", "found-broadcast", "local 198.51.100.255/32 up0 2 looked up"],
    ["a network on link", "found-connected", "unicast 198.51.100.0/24 up0 2 looked up"],
    ["only a default route", "found-default", "unicast default up0 3 looked up"],
    ["several next hops", "found-hops", "unicast 203.0.113.0/24 hops 3 looked up"],
  ])("is %s", (_, name, expected) => {
    expect(reads(one, 0, name)).toEqual([expected]);
  });

  test("is what lies inside a network, all of guests", () => {
    expect(reads(lookup("2001:db8::/32"), 1, "found-inside")).toEqual([
      "unicast 2001:db8:0:1::53/128 dns1-0 76 254",
      "unicast 2001:db8:53::/64 dns1-0 76 254",
    ]);
  });

  test("is what covers a network, in any table", () => {
    const sought = lookup("198.51.100.0/30", { kind: "table", id: 100 });
    expect(reads(sought, 1, "found-match")).toEqual([
      "unicast 198.51.100.0/28 dns1-0 76 100",
      "unicast default up0 3 254",
      "unicast 198.51.100.0/24 up0 2 254",
    ]);
  });

  test("is, for a table, of a lookup only the host's own: rules may lead elsewhere", () => {
    const sought = lookup("192.0.2.1/32", { kind: "table", id: 100 });
    expect(reads(sought, 0, "found-guest")).toEqual([]);
    expect(reads(sought, 0, "found-local")).toEqual(["local 2001:db8:ff::2/128 up0 2 looked up"]);
  });
});

test.each([[[null]], [[{}]], [[{ dst: 7, type: {}, dev: [] }]]])("nonsense is nobody's: %j", (documents) => {
  const [found] = lookupQueries(lookup("192.0.2.1/32"))[0]?.read(documents) ?? [];
  expect(found).toMatchObject({ to: null, dev: null, type: "unicast" });
});
