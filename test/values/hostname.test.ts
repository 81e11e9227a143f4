import { expect, test } from "@jest/globals";
import fc from "../support/fast-check.ts";
import { toHostname } from "../../src/values/hostname.ts";
import { guestNames } from "../support/arbitrary.ts";

test.each([
  ["dns1", "dns1"],
  ["ns1.example.org", "ns1.example.org"],
  ["DB_1", "DB-1"],
  ["my guest", "my-guest"],
  ["Büro (alt) & 'neu'", "Buro-alt-neu"],
  ["日本", "xn--wgv71a"],
  ["база 2", "2"],
  ["почта", "xn--80a1acny"],
  ["###", "guest"],
  ["a".repeat(64), "a".repeat(63)],
])("the hostname of %j is %s", (name, hostname) => {
  expect(toHostname(name)).toBe(hostname);
});

test("whatever the name, the hostname is one (RFC 1123)", () => {
  fc.assert(
    fc.property(guestNames, (name) => {
      for (const label of toHostname(name).split("."))
        expect(label).toMatch(/^[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/);
    }),
    { numRuns: 500 },
  );
});
