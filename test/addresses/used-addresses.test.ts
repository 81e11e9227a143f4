import { expect, test } from "@jest/globals";
import fc from "../support/fast-check.ts";
import { ipv4s, ipv6s } from "../support/arbitrary.ts";
import { parseAddress } from "../../src/values/address.ts";
import { addressOf, type Numbers, numberOf, numbersOf, ownNumbers } from "../../src/addresses/numbers.ts";
import { usedAddresses } from "../../src/addresses/used-addresses.ts";
import { readPrefix } from "../../src/values/address-range.ts";

const prefix = (text: string) => {
  const read = readPrefix(text);
  if (read.kind === "prefix") return read.prefix;
  throw new Error(text);
};

test("an address is its number, of both families", () => {
  fc.assert(
    fc.property(fc.oneof(ipv4s, ipv6s), (text) => {
      const address = parseAddress(text);
      if (address === null) throw new Error(text);
      expect(addressOf(numbersOf(address).family, numberOf(address))).toBe(address);
    }),
  );
});

test.each([
  ["192.0.2.0/24", ["192.0.2.0", "192.0.2.255"]],
  ["192.0.2.4/30", ["192.0.2.4", "192.0.2.7"]],
  ["192.0.2.4/31", []],
  ["192.0.2.4/32", []],
  ["2001:db8::/64", ["2001:db8::"]],
  ["2001:db8::4/126", ["2001:db8::4"]],
  ["2001:db8::4/127", []],
  ["2001:db8::4/128", []],
])("the addresses that no host of %s can have are %j", (network, own) => {
  expect(ownNumbers(prefix(network)).map(({ family, first }) => addressOf(family, first))).toEqual(own);
});

const BITS = 8;
/** Runs in the first 256 addresses, so that they touch, overlap and repeat. */
const runs = fc.array(
  fc.tuple(fc.nat(2 ** BITS - 1), fc.nat(12)).map(([first, more]): Numbers => ({
    family: "ipv4",
    first: BigInt(first),
    last: BigInt(Math.min(first + more, 2 ** BITS - 1)),
  })),
  { maxLength: 30 },
);
const within: Numbers = { family: "ipv4", first: 0n, last: BigInt(2 ** BITS - 1) };

test("counts and gaps are those that a walk over every address finds, whatever was added when", () => {
  fc.assert(
    fc.property(runs, runs, fc.nat(5), (before, later, power) => {
      const taken = usedAddresses(before);
      for (const run of later) taken.add(run);
      const size = 2 ** power;
      const isTaken = Array.from({ length: 2 ** BITS }, (_, at) =>
        [...before, ...later].some(({ first, last }) => first <= BigInt(at) && BigInt(at) <= last),
      );
      const blocks = Array.from({ length: 2 ** BITS / size }, (_, at) => at * size).filter(
        (at) => !isTaken.slice(at, at + size).includes(true),
      );
      const [first] = blocks;
      expect(taken.count(within)).toBe(BigInt(isTaken.filter(Boolean).length));
      expect(taken.firstGap(within, BigInt(size))).toBe(first === undefined ? null : BigInt(first));
      expect(taken.countGaps(within, BigInt(size))).toBe(BigInt(blocks.length));
    }),
  );
});

test("a family does not take the other's", () => {
  const taken = usedAddresses([within]);
  expect(taken.firstGap({ ...within, family: "ipv6" }, 1n)).toBe(0n);
});
