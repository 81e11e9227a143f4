import { never } from "../values/brand.ts";
import {
  type Claim,
  identityClaims,
  type NetworkClaim,
  networkClaims,
  type PlacedGuest,
  ROUTED,
} from "./claims.ts";

/** What two guests have at the same time, or one guest on two hosts. */
export type Clash = readonly [Claim, Claim];

/** During a migration both libvirts have the guest, and its CPUs run on one of them at most. */
const isMoving = (one: PlacedGuest, other: PlacedGuest): boolean =>
  one.domain.uuid === other.domain.uuid && (one.paused || other.paused);

/** A guest that runs twice is told once, not again for all that it has. */
const isAnother = (one: Claim, other: Claim): boolean =>
  one.kind === "guest" ? !isMoving(one.of, other.of) : one.of.domain.uuid !== other.of.domain.uuid;

const meets = (one: NetworkClaim, other: NetworkClaim): boolean =>
  isAnother(one, other) &&
  !(one.anycast && other.anycast) &&
  (one.segment === other.segment || one.segment === ROUTED || other.segment === ROUTED);

/** Each with the first that it clashes with: as many reports as there are claims too many, not as there are pairs. */
const same = <C extends Claim>(
  claims: readonly C[],
  clash: (one: C, other: C) => boolean,
): readonly Clash[] => {
  const groups = new Map<string, C[]>();
  return claims.flatMap((claim): readonly Clash[] => {
    const key = `${claim.kind} ${claim.what}`;
    const group = groups.get(key) ?? [];
    groups.set(key, [...group, claim]);
    const first = group.find((before) => clash(before, claim));
    return first === undefined ? [] : [[first, claim]];
  });
};

const inOrder = (a: NetworkClaim, b: NetworkClaim): number =>
  a.span.first < b.span.first || (a.span.first === b.span.first && a.span.last > b.span.last) ? -1 : 1;

/** Networks inside another guest's prefix: the more specific route takes their packets away. They are nested or apart, never astride. */
const nested = (claims: readonly NetworkClaim[]): readonly Clash[] => {
  const open: NetworkClaim[] = [];
  return [...claims].sort(inOrder).flatMap((claim): readonly Clash[] => {
    for (let top = open.at(-1); top !== undefined && top.span.last < claim.span.first; top = open.at(-1))
      open.pop();
    const outer = open.findLast((one) => one.what !== claim.what && meets(one, claim));
    open.push(claim);
    return outer === undefined ? [] : [[outer, claim]];
  });
};

/** Everything that running guests have twice, wherever they run. */
export const clashesOf = (guests: readonly PlacedGuest[]): readonly Clash[] => {
  const networks = guests.flatMap(networkClaims);
  const routed = networks.filter(({ segment }) => segment.startsWith(ROUTED));
  return [...same(guests.flatMap(identityClaims), isAnother), ...same(networks, meets), ...nested(routed)];
};

const place = ({ of, tap }: Claim): string =>
  `${of.domain.name}${tap === null ? "" : ` (${tap})`} on ${of.host}`;

/** One clash in a sentence: what it is, and who has it. */
export const describeClash = ([one, other]: Clash): string => {
  switch (one.kind) {
    case "guest":
      return `guest ${one.of.domain.name} (${one.what}) runs twice: on ${one.of.host} and on ${other.of.host}; destroy one at once, both write to its disks`;
    case "name":
      return `two guests are called ${one.what}: on ${one.of.host} and on ${other.of.host}; neither can move to the other's host`;
    case "mac":
      return `the MAC address ${one.what} is that of ${place(one)} and of ${place(other)}`;
    case "address":
      return one.what === other.what
        ? `the address ${one.what} is that of ${place(one)} and of ${place(other)}`
        : `${other.what} of ${place(other)} is inside ${one.what} of ${place(one)}`;
    default:
      return never(one.kind);
  }
};
