import { expect, test } from "@jest/globals";
import { parseAddress } from "../../src/values/address.ts";
import { linkLocalOf } from "../../src/values/address.ts";
import { type Mac, parseMac } from "../../src/values/mac.ts";

// The first is of RFC 4291, appendix A, as RFC 2464 writes it.
test.each([
  ["34:56:78:9a:bc:de", "fe80::3656:78ff:fe9a:bcde"],
  ["52:54:00:12:34:56", "fe80::5054:ff:fe12:3456"],
  ["02:00:00:00:00:01", "fe80::ff:fe00:1"],
  ["02:00:00:00:00:00", "fe80::ff:fe00:0"],
  ["00:00:00:00:00:01", "fe80::200:ff:fe00:1"],
  ["02:0a:00:00:00:01", "fe80::a:ff:fe00:1"],
])("the link-local address of %s is %s, as iproute2 prints it", (text, address) => {
  expect(linkLocalOf(parseMac(text) ?? ("" as Mac))).toBe(address);
  expect(parseAddress(address)).toBe(address);
});
