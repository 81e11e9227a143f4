import { expect, test } from "@jest/globals";
import fc from "../support/fast-check.ts";
import { parseMac, tapMac } from "../../src/values/mac.ts";
import { macs } from "../support/arbitrary.ts";

test.each([
  ["takes QEMU's", "52:54:00:12:34:56", "52:54:00:12:34:56"],
  ["writes letters small", "52:54:00:AB:CD:EF", "52:54:00:ab:cd:ef"],
  ["takes all zeros but the last bit", "00:00:00:00:00:01", "00:00:00:00:00:01"],
  ["refuses multicast", "01:00:5e:00:00:01", null],
  ["refuses broadcast", "ff:ff:ff:ff:ff:ff", null],
  ["refuses IPv6 multicast", "33:33:00:00:00:01", null],
  ["refuses dashes", "52-54-00-12-34-56", null],
  ["refuses Cisco's dots", "5254.0012.3456", null],
  ["refuses five bytes", "52:54:00:12:34", null],
  ["refuses seven bytes", "52:54:00:12:34:56:78", null],
  ["refuses one digit", "52:54:0:12:34:56", null],
  ["refuses blanks around", " 52:54:00:12:34:56", null],
  ["refuses a line break behind it", "52:54:00:12:34:56\n", null],
  ["refuses what is no digit", "5g:54:00:12:34:56", null],
  ["refuses nothing", "", null],
])("parseMac %s", (_, text, expected) => {
  expect(parseMac(text)).toBe(expected);
});

// An address of zeros is none: the kernel refuses it as a device's (is_valid_ether_addr).
test("parseMac refuses all zeros", () => {
  expect(parseMac("00:00:00:00:00:00")).toBeNull();
});

test("the tap's address is a unicast one, never the guest's, and keeps the other five bytes", () => {
  fc.assert(
    fc.property(macs, (guest) => {
      const tap = tapMac(guest);
      expect(parseMac(tap)).toBe(tap);
      expect(tap).not.toBe(guest);
      expect(tap.slice(2)).toBe(guest.slice(2));
    }),
  );
});

test.each([
  ["fe, as libvirt has it", "52:54:00:12:34:56", "fe:54:00:12:34:56"],
  ["fa where the guest begins with fe itself", "fe:54:00:12:34:56", "fa:54:00:12:34:56"],
])("the tap's address begins with %s", (_, guest, tap) => {
  const mac = parseMac(guest);
  expect(mac === null ? null : tapMac(mac)).toBe(tap);
});
