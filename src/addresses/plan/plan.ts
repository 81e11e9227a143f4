import { type Address, familyOf, partsOf, type Prefix } from "../../values/address.ts";
import type { BookedGuest } from "../book.ts";
import {
  addressOf,
  byNumber,
  isInside,
  type Numbers,
  numbersOf,
  overlap,
  ownNumbers,
  prefixOf,
  sizeOf,
} from "../numbers.ts";
import { usedAddresses } from "../used-addresses.ts";
import { type HeldAddress, heldBy } from "./held.ts";
import type { NetworkPlace, PlannedSite } from "./planned.ts";

/** A network of the plan, and who has what in it. */
export interface PlanEntry {
  readonly prefix: Prefix;
  /** What it is for: on several hosts, or by mistake, more than one thing. */
  readonly places: readonly NetworkPlace[];
  /** The smallest network of the plan that contains this one. */
  readonly within: Prefix | null;
  /** Networks of the plan that are directly inside this one: their addresses count there. */
  readonly inner: readonly Prefix[];
  readonly held: readonly HeldAddress[];
  readonly reserved: readonly { readonly first: Address; readonly last: Address }[];
  readonly size: bigint;
  /** Addresses that hosts, routers and guests have, networks routed to guests included. */
  readonly used: bigint;
  /** Addresses that can be assigned. */
  readonly free: bigint;
  readonly nextFree: Address | null;
  /** Networks that can be delegated, of {@link DELEGATED}; null of IPv4, and where it is not larger than one. */
  readonly networks: { readonly free: bigint; readonly next: Prefix | null } | null;
}

/** All networks of the plan in the order of numbers, and what is in none of them. */
export interface AddressPlan {
  readonly entries: readonly PlanEntry[];
  readonly outside: readonly HeldAddress[];
}

/** The length of a network for one link (RFC 4291, section 2.5.4; RFC 6177). */
export const DELEGATED = 64;

interface Network {
  readonly prefix: Prefix;
  readonly numbers: Numbers;
  readonly places: NetworkPlace[];
  readonly inner: Network[];
  readonly held: HeldAddress[];
  within: Network | null;
}

const isSame = (one: NetworkPlace, other: NetworkPlace): boolean =>
  JSON.stringify(one) === JSON.stringify(other);

/** Networks in the order of numbers: each is inside another, or apart from it. */
const nest = (sites: readonly PlannedSite[]): readonly Network[] => {
  const byPrefix = new Map<Prefix, Network>();
  for (const { prefix, place } of sites.flatMap(({ networks }) => networks)) {
    const known = byPrefix.get(prefix);
    if (known === undefined) {
      const numbers = numbersOf(prefix);
      byPrefix.set(prefix, { prefix, numbers, places: [place], inner: [], held: [], within: null });
    } else if (!known.places.some((one) => isSame(one, place))) known.places.push(place);
  }
  const all = [...byPrefix.values()].sort((one, other) => byNumber(one.numbers, other.numbers));
  let open: Network | null = null;
  for (const network of all) {
    while (open !== null && !isInside(network.numbers, open.numbers)) open = open.within;
    network.within = open;
    open?.inner.push(network);
    open = network;
  }
  return all;
};

/** Returns the smallest network with all of these numbers. */
const smallestWith = (networks: readonly Network[], numbers: Numbers): Network | null => {
  let [low, high] = [0, networks.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const network = networks[middle];
    // A network that begins at the same number is larger, and comes first.
    if (network !== undefined && byNumber(network.numbers, numbers) <= 0) low = middle + 1;
    else high = middle;
  }
  let found = networks[low - 1] ?? null;
  while (found !== null && !isInside(numbers, found.numbers)) found = found.within;
  return found;
};

/** What of a network can be delegated as whole networks. */
const delegable = ({ prefix, numbers }: Network, away: readonly Numbers[]): PlanEntry["networks"] => {
  if (familyOf(prefix) !== "ipv6" || partsOf(prefix).length >= DELEGATED) return null;
  const taken = usedAddresses(away);
  const size = sizeOf("ipv6", DELEGATED);
  const next = taken.firstGap(numbers, size);
  return {
    free: taken.countGaps(numbers, size),
    next: next === null ? null : prefixOf("ipv6", next, DELEGATED),
  };
};

const toEntry = (network: Network, reserved: PlanEntry["reserved"]): PlanEntry => {
  const { prefix, numbers, places, within, inner, held } = network;
  const runs = reserved.flatMap((run) => {
    const covered = { ...numbersOf(run.first), last: numbersOf(run.last).last };
    return overlap(covered, numbers) ? [{ run, covered }] : [];
  });
  const used = held.map((one) => one.numbers);
  const away = [...used, ...runs.map(({ covered }) => covered), ...inner.map((one) => one.numbers)];
  const taken = usedAddresses([...away, ...ownNumbers(prefix)]);
  const size = numbers.last - numbers.first + 1n;
  const next = taken.firstGap(numbers, 1n);
  return {
    ...{ prefix, places, held, size },
    within: within?.prefix ?? null,
    inner: inner.map((one) => one.prefix),
    reserved: runs.map(({ run }) => run),
    used: usedAddresses(used).count(numbers),
    free: size - taken.count(numbers),
    nextFree: next === null ? null : addressOf(numbers.family, next),
    networks: delegable(network, away),
  };
};

/**
 * Makes the address plan: which network of host.json has which addresses of guests, hosts and routers, and what is free.
 *
 * @param sites one for each host.json
 */
export const addressPlan = (sites: readonly PlannedSite[], guests: readonly BookedGuest[]): AddressPlan => {
  const networks = nest(sites);
  const outside: HeldAddress[] = [];
  for (const held of heldBy(sites, guests)) {
    const found = smallestWith(networks, held.numbers);
    if (found !== null) {
      found.held.push(held);
      continue;
    }
    if (held.by.kind === "guest") outside.push(held);
    // A guest's network may contain networks of the plan.
    for (const network of networks) if (isInside(network.numbers, held.numbers)) network.held.push(held);
  }
  const reserved = new Map(
    sites.flatMap((site) => site.reserved).map((run) => [`${run.first}-${run.last}`, run]),
  );
  return { entries: networks.map((network) => toEntry(network, [...reserved.values()])), outside };
};
