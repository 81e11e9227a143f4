import { expect, test } from "@jest/globals";
import { SocketAddress } from "node:net";
import fc from "../support/fast-check.ts";
import { familyOf, parseAddress, toHostPrefix } from "../../src/values/address.ts";
import { isUnroutable, addressKind, readPrefix } from "../../src/values/address-range.ts";
import { ipv4s, ipv6s } from "../support/arbitrary.ts";

test.each([
  ["leaves IPv4 as it is", "192.0.2.53", "192.0.2.53"],
  ["drops leading zeros of a field (RFC 5952, 4.1)", "2001:0db8::0001", "2001:db8::1"],
  ["compresses the longest run of zeros (4.2.3)", "2001:0:0:1:0:0:0:1", "2001:0:0:1::1"],
  ["compresses the first of two equal runs (4.2.3)", "2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"],
  ["does not compress a single zero field (4.2.2)", "2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"],
  ["writes a single zero field out", "2001:db8::1:1:1:1:1", "2001:db8:0:1:1:1:1:1"],
  ["writes letters small (4.3)", "2001:DB8::AB", "2001:db8::ab"],
  ["reads embedded IPv4", "64:ff9b::192.0.2.53", "64:ff9b::c000:235"],
  ["keeps the unspecified one", "::", "::"],
])("parseAddress %s", (_, text, expected) => {
  expect(parseAddress(text)).toBe(expected);
});

test.each([
  ["a prefix length", "192.0.2.53/32"],
  ["a prefix length", "2001:db8::1/64"],
  ["a zone", "fe80::1%eth0"],
  ["a zone's number", "fe80::1%2"],
  ["octal", "192.0.02.053"],
  ["hexadecimal", "0xc0.0.2.53"],
  ["three fields", "192.0.2"],
  ["one number", "3221225985"],
  ["a field above 255", "192.0.2.256"],
  ["brackets", "[2001:db8::1]"],
  ["two compressions", "2001::db8::1"],
  ["nine fields", "1:2:3:4:5:6:7:8:9"],
  ["seven fields", "1:2:3:4:5:6:7"],
  ["five digits", "2001:db8::12345"],
  ["a name", "dns1.example.org"],
  ["blanks", " 192.0.2.53"],
  ["a line break at the end", "192.0.2.53\n"],
  ["a line break at the end", "2001:db8::1\n"],
  ["nothing", ""],
])("parseAddress refuses %s: %j", (_, text) => {
  expect(parseAddress(text)).toBeNull();
});

test.each([
  ["2001:db8::1", false],
  ["fd00::1", false],
  ["10.0.0.1", false],
  ["100.64.0.1", false],
  ["fe80::1", true],
  ["::1", true],
  ["::", true],
  ["ff02::1", true],
  ["127.0.0.1", true],
  ["169.254.0.1", true],
  ["224.0.0.1", true],
  ["255.255.255.255", true],
  ["0.0.0.0", true],
])("%s cannot be routed to a guest: %j", (text, unroutable) => {
  const address = parseAddress(text);
  expect(address !== null && isUnroutable(address)).toBe(unroutable);
});

test("what an address begins with decides no other way than its range", () => {
  const special = fc.constantFrom(
    "::",
    "::1",
    "::ffff:",
    "fe80::",
    "fe:",
    "ff02::",
    "0.",
    "127.",
    "169.254.",
    "22",
    "255.",
  );
  const near = fc
    .tuple(special, fc.oneof(ipv4s, ipv6s))
    .map(([start, text]) => `${start}${text}`.slice(0, 39));
  fc.assert(
    fc.property(fc.oneof(ipv4s, ipv6s, near), (text) => {
      const address = parseAddress(text);
      fc.pre(address !== null);
      const ranges = ["unspecified", "multicast", "linkLocal", "ipv4Mapped", "loopback", "broadcast"];
      expect(isUnroutable(address)).toBe(ranges.includes(addressKind(address)));
    }),
  );
});

test.each([
  ["a network", "2001:db8:53::/64", { kind: "prefix", prefix: "2001:db8:53::/64", length: 64 }],
  [
    "a network in long writing",
    "2001:0DB8:53:0::/64",
    { kind: "prefix", prefix: "2001:db8:53::/64", length: 64 },
  ],
  ["an IPv4 network", "198.51.100.0/28", { kind: "prefix", prefix: "198.51.100.0/28", length: 28 }],
  ["one host", "198.51.100.7/32", { kind: "prefix", prefix: "198.51.100.7/32", length: 32 }],
  ["everything", "::/0", { kind: "prefix", prefix: "::/0", length: 0 }],
  ["host bits", "2001:db8:53::1/64", { kind: "host-bits", network: "2001:db8:53::/64" }],
  ["IPv4 host bits", "198.51.100.17/28", { kind: "host-bits", network: "198.51.100.16/28" }],
  ["no length", "2001:db8:53::", { kind: "not-a-prefix" }],
  ["an empty length", "2001:db8:53::/", { kind: "not-a-prefix" }],
  ["a length above 128", "2001:db8:53::/129", { kind: "not-a-prefix" }],
  ["a length above 32", "198.51.100.0/33", { kind: "not-a-prefix" }],
  ["a mask", "198.51.100.0/255.255.255.0", { kind: "not-a-prefix" }],
  ["a negative length", "::/-1", { kind: "not-a-prefix" }],
  ["a line break at the end", "::/0\n", { kind: "not-a-prefix" }],
  ["no network", "example.org/24", { kind: "not-a-prefix" }],
])("readPrefix: %s", (_, text, expected) => {
  expect(readPrefix(text)).toEqual(expected);
});

test("an address in canonical text reads as itself, and its host prefix as one host", () => {
  fc.assert(
    fc.property(fc.oneof(ipv4s, ipv6s), (text) => {
      const address = parseAddress(text);
      if (address === null) throw new Error(`${text} is an address`);
      expect(parseAddress(address)).toBe(address);
      const length = familyOf(address) === "ipv6" ? 128 : 32;
      expect(readPrefix(toHostPrefix(address))).toEqual({
        kind: "prefix",
        prefix: `${address}/${length}`,
        length,
      });
    }),
  );
});

// SocketAddress reads by inet_pton(3) and writes by inet_ntop(3), as iproute2 does; the hook has no time to load it.
const byTheLibrary = (text: string): string | null => {
  try {
    return new SocketAddress({ address: text, family: text.includes(":") ? "ipv6" : "ipv4" }).address;
  } catch {
    return null;
  }
};
const part = fc.constantFrom(
  "0",
  "1",
  "01",
  "a",
  "DB8",
  "ffff",
  "12345",
  "255",
  "256",
  ":",
  "::",
  ".",
  "1.2.3.4",
  "::ffff:",
);
const words = fc.array(fc.constantFrom("0", "0", "1", "ffff", "db8"), { minLength: 8, maxLength: 8 });

test("parseAddress reads what the C library reads, and writes it as the library does", () => {
  const texts = fc.oneof(
    fc.array(part, { maxLength: 16 }).map((parts) => parts.join("")),
    words.map((all) => all.join(":")),
  );
  fc.assert(
    fc.property(texts, (text) => {
      expect([text, parseAddress(text)]).toEqual([text, byTheLibrary(text)]);
    }),
    { numRuns: 5_000 },
  );
});
