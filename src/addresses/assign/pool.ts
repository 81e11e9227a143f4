import { type Address, familyOf, type Prefix } from "../../values/address.ts";
import { addressOf, isInside, type Numbers, numbersOf, ownNumbers, prefixOf, sizeOf } from "../numbers.ts";
import type { PlannedSite } from "../plan/planned.ts";
import { type UsedAddresses, usedAddresses } from "../used-addresses.ts";

/** What is free in the networks of a plan. What it gives is taken from then on. */
export interface Pool {
  /** Takes the lowest free address of the first of these networks that has one; null if none has. */
  readonly takeAddress: (from: readonly Prefix[]) => Address | null;
  /** The same for a whole network of this length. */
  readonly takeNetwork: (from: readonly Prefix[], length: number) => Prefix | null;
}

/** The first gap that both leave. */
const gapIn = (within: Numbers, size: bigint, one: UsedAddresses, other: UsedAddresses): bigint | null => {
  let first = one.firstGap(within, size);
  while (first !== null) {
    const also = other.firstGap({ ...within, first }, size);
    if (also === null || also === first) return also;
    first = one.firstGap({ ...within, first: also }, size);
  }
  return null;
};

/**
 * Returns what is free.
 *
 * @param sites every host.json: their networks, reserved ranges, and the addresses of hosts and routers
 * @param held what guests have
 */
export const poolOf = (sites: readonly PlannedSite[], held: Iterable<Numbers>): Pool => {
  const planned = [...new Set(sites.flatMap(({ networks }) => networks.map(({ prefix }) => prefix)))];
  const taken = usedAddresses([
    ...sites.flatMap(({ own }) => own.map(({ address }) => numbersOf(address))),
    ...sites
      .flatMap(({ reserved }) => reserved)
      .map(({ first, last }) => ({
        ...numbersOf(first),
        last: numbersOf(last).last,
      })),
    ...held,
  ]);
  // A network inside another one has a purpose of its own.
  const innerOf = (network: Prefix): readonly Numbers[] =>
    planned
      .filter((other) => other !== network && isInside(numbersOf(other), numbersOf(network)))
      .map(numbersOf);
  const blocked = new Map<string, UsedAddresses>();
  const blockedIn = (prefix: Prefix, what: "address" | "network"): UsedAddresses => {
    const key = `${what} ${prefix}`;
    const known = blocked.get(key);
    if (known !== undefined) return known;
    const own = what === "address" ? [prefix, ...planned].flatMap(ownNumbers) : [];
    const fresh = usedAddresses([...innerOf(prefix), ...own]);
    blocked.set(key, fresh);
    return fresh;
  };
  const take = (from: readonly Prefix[], size: (prefix: Prefix) => bigint, what: "address" | "network") => {
    for (const prefix of from) {
      const numbers = numbersOf(prefix);
      const first = gapIn(numbers, size(prefix), taken, blockedIn(prefix, what));
      if (first === null) continue;
      const { family } = numbers;
      taken.add({ family, first, last: first + size(prefix) - 1n });
      return { family, first };
    }
    return null;
  };
  return {
    takeAddress: (from) => {
      const free = take(from, () => 1n, "address");
      return free === null ? null : addressOf(free.family, free.first);
    },
    takeNetwork: (from, length) => {
      const free = take(from, (prefix) => sizeOf(familyOf(prefix), length), "network");
      return free === null ? null : prefixOf(free.family, free.first, length);
    },
  };
};
