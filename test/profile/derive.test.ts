import { describe, expect, test } from "@jest/globals";
import fc from "../support/fast-check.ts";
import { parseMac } from "../../src/values/mac.ts";
import { type GuestName, parseGuestName, parseTapName, parseUuid } from "../../src/values/names.ts";
import { deriveMac, deriveTap, deriveUuid } from "../../src/profile/normalize/derive.ts";
import { guestNames } from "../support/arbitrary.ts";

const name = (text: string): GuestName => {
  const parsed = parseGuestName(text);
  if (parsed === null) throw new Error(`${text} is no guest's name`);
  return parsed;
};

test.each([
  ["plain", "dns1", 0, /^dns1-0$/],
  ["two digits", "dns1", 12, /^dns1-12$/],
  ["as long as fits", "abcdefghijklm", 0, /^abcdefghijklm-0$/],
  ["too long", "abcdefghijklmn", 0, /^abcde\w*-\w{4,}-0$/],
  ["too long with a late NIC", "abcdefghijklm", 10, /^abcd\w*-\w{4,}-10$/],
  ["dotted", "ns1.example.org", 0, /^ns1-e\w*-\w{4,}-0$/],
  ["with capitals", "DNS1", 0, /^dns1-\w{4,}-0$/],
  ["with blanks", "my guest", 0, /^my-gue-\w{6}-0$/],
  ["with marks in front", "(old) web", 0, /^old-we-\w{6}-0$/],
  ["with umlauts", "Büro", 0, /^buro-\w{6}-0$/],
  ["without a letter of ASCII", "日本", 0, /^g-\w{6}-0$/],
  ["with an underscore", "dns_1", 0, /^dns-1-\w{4,}-0$/],
  ["one that libvirt would take for its own", "vnet1", 0, /^gvnet1-\w{4,}-0$/],
  ["another that libvirt would take for its own", "macvtap0", 0, /^gmacv\w*-\w{4,}-0$/],
])("the tap of a name that is %s keeps its beginning", (_, guest, index, tap) => {
  expect(deriveTap(name(guest), index)).toMatch(tap);
});

describe("for every guest's name", () => {
  test("the tap is one that the kernel, libvirt and a shell take", () => {
    fc.assert(
      fc.property(fc.tuple(guestNames, fc.nat(999)), ([guest, index]) => {
        const tap = deriveTap(guest, index);
        expect(tap).toMatch(/^[a-z0-9][a-z0-9-]{0,14}$/);
        expect(parseTapName(tap)).toBe(tap);
        expect(tap.endsWith(`-${index}`)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  test("MAC and UUID are ones that the program itself would take", () => {
    fc.assert(
      fc.property(guestNames, (guest) => {
        expect(parseMac(deriveMac(guest, 0))).toBe(deriveMac(guest, 0));
        expect(parseUuid(deriveUuid(guest))).toBe(deriveUuid(guest));
        expect(deriveUuid(guest)[14]).toBe("5");
      }),
    );
  });

  const indices = Array.from({ length: 12 }, (_, index) => index);
  test("the NICs of a guest have different taps", () => {
    fc.assert(
      fc.property(guestNames, (guest) => {
        expect(new Set(indices.map((index) => deriveTap(guest, index))).size).toBe(12);
      }),
    );
  });

  // Of 24 bits: of a quarter of a million guests with twelve NICs each, one has the same twice (`vnet2-l_`), so not any names.
  test("the NICs of a guest have different MAC addresses", () => {
    fc.assert(
      fc.property(guestNames, (guest) => {
        expect(new Set(indices.map((index) => deriveMac(guest, index))).size).toBe(12);
      }),
      { seed: 1 },
    );
  });
});

test("a thousand guests of one naming scheme have a thousand taps", () => {
  const schemes = [
    (i: number) => `web${i}.production.example.org`,
    (i: number) => `very-long-service-name-${i}`,
    (i: number) => `DB_${i}`,
    (i: number) => `vnet${i}`,
  ];
  for (const scheme of schemes) {
    const taps = Array.from({ length: 1000 }, (_, i) => deriveTap(name(scheme(i)), 0));
    const twice = taps.length - new Set(taps).size;
    expect({ example: taps[0], twice }).toEqual({ example: taps[0], twice: 0 });
  }
});

// These get into people's firewalls and inventories: a change of one is a change of behaviour.
test("what is derived today is derived tomorrow", () => {
  expect([0, 1].map((index) => deriveMac(name("dns1"), index))).toEqual([
    "52:54:00:4e:e4:0c",
    "52:54:00:a5:51:8f",
  ]);
  expect(deriveUuid(name("dns1"))).toBe("c312d9b0-cef6-5242-af23-7db90efb822a");
});
