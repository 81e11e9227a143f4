import { expect, test } from "@jest/globals";
import { parsePrefix } from "../../src/values/address.ts";
import { isRunIn, parseAddressRun } from "../../src/values/address-run.ts";

test.each([
  ["192.0.2.1", "192.0.2.1", "192.0.2.1"],
  ["192.0.2.0/30", "192.0.2.0", "192.0.2.3"],
  ["192.0.2.9-192.0.2.10", "192.0.2.9", "192.0.2.10"],
  ["192.0.2.9-192.0.2.9", "192.0.2.9", "192.0.2.9"],
  ["2001:DB8::", "2001:db8::", "2001:db8::"],
  ["2001:db8::/126", "2001:db8::", "2001:db8::3"],
  ["2001:db8::9-2001:db8::10", "2001:db8::9", "2001:db8::10"],
  ["::/96", "::", "::255.255.255.255"],
])("%s is from %s to %s", (text, first, last) => {
  expect(parseAddressRun(text)).toEqual({ first, last });
});

test.each([
  "192.0.2.10-192.0.2.9",
  "192.0.2.1-2001:db8::1",
  "192.0.2.1/30",
  "1-2",
  "192.0.2.1-",
  "",
  "a-b-c",
])("%s is no run of addresses", (text) => {
  expect(parseAddressRun(text)).toBeNull();
});

test.each([
  ["192.0.2.8/29", "192.0.2.8/29", true],
  ["192.0.2.8-192.0.2.15", "192.0.2.8/29", true],
  ["192.0.2.8-192.0.2.16", "192.0.2.8/29", false],
  ["192.0.2.7", "192.0.2.8/29", false],
  ["2001:db8::1", "2001:db8::/64", true],
  ["2001:db8::1", "192.0.2.8/29", false],
])("whether %s is in %s: %s", (text, network, expected) => {
  const [run, prefix] = [parseAddressRun(text), parsePrefix(network)];
  expect(run !== null && prefix !== null && isRunIn(run, prefix)).toBe(expected);
});
