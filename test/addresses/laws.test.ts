import { expect, test } from "@jest/globals";
import fc from "../support/fast-check.ts";
import { assign } from "../../src/addresses/assign/assign.ts";
import { heldInText } from "../../src/addresses/assign/held-in-text.ts";
import { poolOf } from "../../src/addresses/assign/pool.ts";
import { bookedProfile } from "../../src/addresses/of-profile.ts";
import { type Numbers, numbersOf, overlap, ownNumbers } from "../../src/addresses/numbers.ts";
import { addressPlan } from "../../src/addresses/plan/plan.ts";
import { plannedBy } from "../../src/addresses/plan/planned.ts";
import { checkFleet } from "../../src/fleet/check.ts";
import { NOTHING_INHERITED } from "../../src/guest/inherited.ts";
import { readProfile } from "../../src/profile/parse.ts";
import { readSite } from "../../src/site/site.ts";
import { readDocument } from "../../src/text/document.ts";
import type { Address, Prefix } from "../../src/values/address.ts";

// A /27 and a /122 are small enough that what is taken, reserved and free meet everywhere.
const NETWORKS = ["192.0.2.32/27", "2001:db8::40/122", "2001:db8:f000::/61"] as const;
const v4 = (at: number): string => `192.0.2.${String(32 + at)}`;
const v6 = (at: number): string => `2001:db8::${(64 + at).toString(16)}`;

const hostText = (reserved: readonly string[]): string =>
  JSON.stringify({
    name: "kvm1",
    bridges: {
      br0: {
        uplinks: ["eno1"],
        vlans: { mgmt: 10 },
        addresses: { mgmt: { addresses: [`${v4(5)}/28`], gateway: v4(6) } },
      },
    },
    routed: {
      uplinks: ["eno2"],
      prefixes: NETWORKS,
      gateway: [v6(9), v4(9)],
      reserved,
    },
  });

const siteOf = (reserved: readonly string[]) => {
  const read = readSite(hostText(reserved));
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  return read.value;
};

/** The profile of a guest that has these addresses already, or needs some. */
const guestText = (name: string, addresses: readonly string[] | null): string =>
  JSON.stringify({
    name,
    memory: "1 GiB",
    interfaces: [{ type: "routed", ...(addresses === null ? {} : { addresses }) }],
  });

const documentOf = (text: string) => {
  const document = readDocument(text);
  if ("root" in document) return document;
  throw new Error(text);
};

const places = fc.uniqueArray(fc.integer({ min: 10, max: 30 }), { maxLength: 8 });
const reservations = fc
  .tuple(fc.integer({ min: 1, max: 20 }), fc.nat(6), fc.constantFrom(v4, v6))
  .map(([from, more, at]) => `${at(from)}-${at(from + more)}`);
const plans = fc.record({
  reserved: fc.uniqueArray(reservations, { maxLength: 3 }),
  held: places,
  wanting: fc.integer({ min: 1, max: 6 }),
  length: fc.constantFrom(null, 64),
});
type Plan = typeof plans extends fc.Arbitrary<infer T> ? T : never;

/** What guests are given that want addresses, one after the other; of a full network nothing. */
const givenBy = ({ reserved, held, wanting, length }: Plan) => {
  const { site } = siteOf(reserved);
  const planned = plannedBy(site);
  const texts = [
    ...held.map((at, index) => guestText(`held${String(index)}`, [v4(at), v6(at)])),
    ...Array.from({ length: wanting }, (_, index) => guestText(`new${String(index)}`, null)),
  ];
  const pool = poolOf([planned], texts.map(documentOf).flatMap(heldInText));
  return texts.map((text) => {
    const options = { from: null, length, nic: null };
    const assigned = assign(text, documentOf(text), planned, pool, options);
    return assigned.ok ? assigned.value : { text, grants: [] };
  });
};

const grantsIn = (given: ReturnType<typeof givenBy>): readonly Numbers[] =>
  given.flatMap(({ grants }) =>
    grants.flatMap(({ addresses, prefixes }) => [
      ...addresses.map((address) => numbersOf(address as Address)),
      ...prefixes.map(numbersOf),
    ]),
  );

test("an address that is assigned is in a network, and nothing else has it", () => {
  let given = 0;
  fc.assert(
    fc.property(plans, (plan) => {
      const { site } = siteOf(plan.reserved);
      const taken = [
        ...plan.held.flatMap((at) => [v4(at), v6(at)]),
        ...plannedBy(site).own.map(({ address }) => address),
      ].map((address) => numbersOf(address as Address));
      const reserved = plannedBy(site).reserved.map(({ first, last }): Numbers => ({
        ...numbersOf(first),
        last: numbersOf(last).last,
      }));
      const own = NETWORKS.flatMap((one) => ownNumbers(one as Prefix));
      const grants = grantsIn(givenBy(plan));
      for (const [index, one] of grants.entries()) {
        expect(NETWORKS.some((network) => overlap(one, numbersOf(network as Prefix)))).toBe(true);
        expect([...taken, ...reserved].filter((other) => overlap(one, other))).toEqual([]);
        // A whole network has the own address of the one around it.
        if (one.first === one.last) expect(own.filter((other) => overlap(one, other))).toEqual([]);
        expect(grants.slice(index + 1).filter((other) => overlap(one, other))).toEqual([]);
      }
      given += grants.length;
    }),
  );
  expect(given).toBeGreaterThan(0);
});

test("the same files are given the same", () => {
  fc.assert(
    fc.property(plans, (plan) => {
      expect(givenBy(plan).map(({ text }) => text)).toEqual(givenBy(plan).map(({ text }) => text));
    }),
  );
});

test("the plan's next free address is the one that is assigned", () => {
  fc.assert(
    fc.property(plans, ({ reserved, held }) => {
      const { site } = siteOf(reserved);
      const guests = held.map((at, index) => {
        const read = readProfile(guestText(`held${String(index)}`, [v4(at), v6(at)]), site);
        if (!read.ok) throw new Error(JSON.stringify(read.problems));
        return bookedProfile(read.value.profile, "held.json", null);
      });
      const planned = plannedBy(site);
      const next = addressPlan([planned], guests).entries.map(({ prefix, nextFree }) => [prefix, nextFree]);
      const taken = held.flatMap((at) => [v4(at), v6(at)]).map((one) => numbersOf(one as Address));
      const given = next.map(([prefix]) => [
        prefix,
        poolOf([planned], taken).takeAddress([prefix as Prefix]),
      ]);
      expect(next).toEqual(given);
    }),
  );
});

test("two branches that assign: what both gave, check names after the merge, and nothing else", () => {
  fc.assert(
    fc.property(plans, (plan) => {
      const host = { file: "host.json", ...siteOf(plan.reserved) };
      // Each branch has a new guest of its own, beside what both began with.
      const branch = (name: string) => {
        const one = givenBy({ ...plan, wanting: 1 }).at(-1);
        return { text: one?.text.replaceAll("new0", name) ?? "", grants: one?.grants ?? [] };
      };
      const [mine, yours] = [branch("mine"), branch("yours")];
      // Without an address the profile is rejected by itself.
      fc.pre(mine.grants.length > 0);
      const guests = [mine, yours].map(({ text }, index) => {
        const read = readProfile(text, host.site);
        if (!read.ok) throw new Error(JSON.stringify(read.problems));
        const { profile, document } = read.value;
        return { file: `${String(index)}.json`, profile, document, host, inherited: NOTHING_INHERITED };
      });
      const named = checkFleet(guests).map(({ file, issue }) => [file, issue.path.join(".")]);
      const both = mine.grants.flatMap(({ addresses, prefixes }) => [
        ...addresses.map((_, at) => `interfaces.0.addresses.${String(at)}`),
        ...prefixes.map((_, at) => `interfaces.0.prefixes.${String(at)}`),
      ]);
      expect(named.toSorted()).toEqual(
        ["0.json", "1.json"].flatMap((file) => both.map((at) => [file, at])).toSorted(),
      );
    }),
  );
});
