import { describe, expect, test } from "@jest/globals";
import { guest, issuesOf } from "../support/profiles.ts";
import { renderPath } from "../../src/values/issue.ts";

const access = { type: "bridge", bridge: "br0", vlan: 20 };
const routed = (...addresses: readonly string[]) => ({ type: "routed", addresses });
const codes = (written: object) => issuesOf(written).map(({ code, path }) => `${code} ${renderPath(path)}`);

describe("nothing that a host can have only once is taken twice, given or derived", () => {
  test.each([
    ["a tap that another NIC would get", guest({ ...access, tap: "t-1" }, access), "duplicate"],
    [
      "a network on two NICs",
      guest(
        { ...routed("192.0.2.1"), prefixes: ["198.51.100.0/28"] },
        { ...routed("192.0.2.2"), prefixes: ["198.51.100.0/28"] },
      ),
      "duplicate",
    ],
    [
      "a network that is one of the addresses",
      guest({ ...routed("192.0.2.1"), prefixes: ["192.0.2.1/32"] }),
      "duplicate",
    ],
    [
      "a gateway that is the guest's own address",
      guest({ ...routed("192.0.2.1"), gateway: "192.0.2.1" }),
      "gateway",
    ],
    ["an IPv4-mapped address, which no packet carries", guest(routed("::ffff:192.0.2.1")), "address"],
  ])("refuses %s", (_, written, code) => {
    expect(issuesOf(written).map((issue) => issue.code)).toEqual([code]);
  });
});

test("a gateway in a list is named by its place", () => {
  expect(codes(guest({ ...routed("192.0.2.1"), gateway: ["169.254.0.1", "fe80::1"] }))).toEqual([
    "gateway interfaces[0].gateway[1]",
  ]);
});

test("two gateways of a family are no mistake", () => {
  expect(codes(guest({ ...routed("2001:db8::1"), gateway: ["fe80::1", "fe80::2"] }))).toEqual([]);
});

test("one bridge for two NICs, one VLAN for two NICs, are no mistake", () => {
  expect(codes(guest(access, access))).toEqual([]);
});

test("a list is no object, and says so", () => {
  expect(issuesOf([]).map(({ code, message }) => `${code} ${message}`)).toEqual([
    "wrong-type must be an object, found an empty list",
  ]);
});
