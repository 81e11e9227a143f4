import { expect, test } from "@jest/globals";
import fc from "../support/fast-check.ts";
import {
  parseDevice,
  parseGuestName,
  parseIfName,
  parseTapName,
  parseUuid,
  readGuestNames,
  writeGuestNames,
} from "../../src/values/names.ts";
import { guestNames } from "../support/arbitrary.ts";

test.each([
  ["a plain one", "br0", true],
  ["15 bytes", "a".repeat(15), true],
  ["dots, as VLAN devices have", "bond0.20", true],
  ["letters beyond ASCII", "brücke", true],
  ["nothing", "", false],
  ["16 bytes", "a".repeat(16), false],
  ["8 characters of 16 bytes", "ü".repeat(8), false],
  ["a dot alone", ".", false],
  ["two dots alone", "..", false],
  ["a slash, which would leave /proc/sys/net/ipv4/conf", "../all", false],
  ["a colon", "eth0:1", false],
  ["a blank, which would end a word of a batch line", "br0 up", false],
  ["a line break, which would begin a line of its own", "br0\nlink", false],
  ["a line break at the end", "br0\n", false],
  ["a quote", 'br"0', false],
  ["an apostrophe", "br'0", false],
  ["a backslash, which would join two batch lines", "br0\\", false],
  ["a NUL", "br\0", false],
  ["a no-break space", "br\u00a00", false],
])("an interface name: %s", (_, text, taken) => {
  expect(parseIfName(text)).toBe(taken ? text : null);
});

// ip and bridge end a batch line at `#` (get_command_line → makeargs); a name with one never reaches the kernel.
test.each(["#0", "br#0"])("an interface name cannot begin a comment: %s", (text) => {
  expect(parseIfName(text)).toBeNull();
});

// `dev -h` is a name to iproute2, `dev help` prints a usage and fails: only what is read as an option hurts.
test("whatever is taken as an interface name is one word of a batch line and one part of a path", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", minLength: 1, maxLength: 16 }), (text) => {
      const name = parseIfName(text);
      if (name === null) return;
      expect(name.split(/[\s/]/)).toEqual([text]);
      expect([".", ".."]).not.toContain(text);
      expect(Buffer.byteLength(text)).toBeLessThanOrEqual(15);
    }),
    { numRuns: 1000 },
  );
});

test.each([
  ["br0", true],
  ["bond0.20", true],
  ["brücke", false],
  ["br@0", false],
  ["br+dmz", false],
  ["all", false],
  ["default", false],
  [".", false],
  ["a".repeat(16), false],
])("a device of libvirt's: %s", (text, taken) => {
  expect(parseDevice(text)).toBe(taken ? text : null);
});

test.each([
  ["a derived one", "dns1-0", true],
  ["15 characters", "a".repeat(15), true],
  ["16 characters", "a".repeat(16), false],
  ["a capital", "Dns1-0", false],
  ["a dot", "dns.1-0", false],
  ["a dash in front, which is an option", "-dns1", false],
  ["vnet, which libvirt throws away", "vnet1", false],
  ["anything that begins with vnet", "vnetwork-0", false],
  ["macvtap", "macvtap0", false],
  ["macvlan", "macvlan0", false],
  ["nothing", "", false],
])("a tap name: %s", (_, text, taken) => {
  expect(parseTapName(text)).toBe(taken ? text : null);
});

test.each([
  ["a host name", "dns1.example.org", true],
  ["capitals, underscores, dashes", "DB_1-a", true],
  ["blanks, as in libvirt's own examples of such names", "my guest", true],
  ["what a shell, XML and HTML read as more than a letter", `Web (old) & "new" <b> $(x) it's 20%`, true],
  ["letters beyond ASCII", "Büro 日本", true],
  ["an emoji, which is a pair of surrogates", "web 🐧", true],
  ["half of a surrogate pair", "web \ud83d", false],
  ["240 bytes", "a".repeat(240), true],
  ["241 bytes", "a".repeat(241), false],
  ["121 characters of 242 bytes", "ü".repeat(121), false],
  ["a slash, which would leave the folder", "../dns1", false],
  ["a dash in front, which is virsh's option", "-dns1", false],
  ["a dot in front", ".dns1", false],
  ["a slash inside", "dns/1", false],
  ["a blank in front", " dns1", false],
  ["a blank at the end", "dns1 ", false],
  ["a no-break space at the end", "dns1\u00a0", false],
  ["a line break at the end", "dns1\n", false],
  ["a line break inside", "dns\n1", false],
  ["a tab", "dns\t1", false],
  ["a line separator, which ends a line in some programs", "dns\u20281", false],
  ["a zero width space, which lists do not show", "dns\u200b1", false],
  ["a mark that turns text around", "dns\u202e1", false],
  ["a joiner, which some scripts write words with", "نامه\u200cها", true],
  ["a delete character", "dns\x7f1", false],
  ["nothing", "", false],
])("a guest's name: %s", (_, text, taken) => {
  expect(parseGuestName(text)).toBe(taken ? text : null);
});

test("a list of guests' names comes back from an attribute as it was", () => {
  fc.assert(
    fc.property(fc.array(guestNames), (names) => {
      expect(readGuestNames(writeGuestNames(names))).toEqual(names);
    }),
  );
  expect(writeGuestNames(["lb1", "my %20 guest"].flatMap((name) => parseGuestName(name) ?? []))).toBe(
    "lb1 my%20%2520%20guest",
  );
  expect(readGuestNames("lb1 a/b")).toBeNull();
});

test.each([
  ["small letters", "6f1c1b1e-8c1f-4b9e-9d59-0c8e3c1f5a10", "6f1c1b1e-8c1f-4b9e-9d59-0c8e3c1f5a10"],
  ["capitals", "6F1C1B1E-8C1F-4B9E-9D59-0C8E3C1F5A10", "6f1c1b1e-8c1f-4b9e-9d59-0c8e3c1f5a10"],
  ["no dashes", "6f1c1b1e8c1f4b9e9d590c8e3c1f5a10", null],
  ["braces", "{6f1c1b1e-8c1f-4b9e-9d59-0c8e3c1f5a10}", null],
  ["a digit too few", "6f1c1b1e-8c1f-4b9e-9d59-0c8e3c1f5a1", null],
  ["nothing", "", null],
])("a UUID: %s", (_, text, expected) => {
  expect(parseUuid(text)).toBe(expected);
});
