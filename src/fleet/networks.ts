import { type Prefix, toHostPrefix } from "../values/address.ts";
import type { RoutedAttachment } from "../guest/attachment.ts";
import type { ProfileNic } from "../guest/profile.ts";
import { never } from "../values/brand.ts";
import { tableWords } from "../values/route-table.ts";
import { type Span, spanOf } from "../values/span.ts";
import { type FleetGuest, type Place, errorAt, type Rule, sayPlace, warningAt } from "./guest.ts";
import type { FileIssue } from "../values/issue.ts";
import { groupBy, withOther } from "./groups.ts";

/** A network of a guest's, an address being a network of one. */
export interface Claim extends Place {
  readonly network: Prefix;
  readonly span: Span;
  /** As it was written: without the length that every address has. */
  readonly text: string;
  /** Where the address is known: two of them that differ never meet in one neighbour table. */
  readonly segment: string;
  /** Other guests that say the same may have it as well. */
  readonly anycast: boolean;
}

/** Each table, and each VRF, knows its networks for itself. */
const routedIn = ({ table }: RoutedAttachment): string =>
  table.kind === "main" ? "routed" : `routed in${tableWords(table)}`;

/** The host's routing table, or the VLAN in which a guest's untagged frames are. */
const segmentOf = (attachment: ProfileNic["attachment"]): string => {
  switch (attachment.kind) {
    case "routed":
      return routedIn(attachment);
    case "access":
      return `VLAN ${attachment.vlan} of ${attachment.bridge}`;
    case "trunk":
      return attachment.native === null
        ? `the trunk on ${attachment.bridge}`
        : `VLAN ${attachment.native} of ${attachment.bridge}`;
    case "unfiltered":
      return `bridge ${attachment.bridge}`;
    case "ovs":
      return `Open vSwitch ${attachment.bridge} ${JSON.stringify(attachment.vlans)}`;
    case "network":
      return `network ${attachment.network} ${attachment.portgroup ?? ""}`.trimEnd();
    case "macvtap":
      return `the network of ${attachment.source}`;
    case "hostdev":
      return `VLAN ${attachment.vlan ?? "none"} of the network card`;
    default:
      return never(attachment);
  }
};

/** Every address and prefix of a guest, where it stands in its file. */
export const claimsOf = (guest: FleetGuest): readonly Claim[] =>
  guest.profile.interfaces.flatMap(({ attachment, inside }, nic) => {
    const segment = segmentOf(attachment);
    const claim = (network: Prefix, text: string, key: string, index: number): Claim => ({
      guest,
      path: ["interfaces", nic, key, index],
      network,
      text,
      span: spanOf(network),
      segment,
      anycast: attachment.kind === "routed" && attachment.anycast,
    });
    return [
      ...inside.addresses.map(({ address }, index) =>
        claim(toHostPrefix(address), address, "addresses", index),
      ),
      ...(attachment.kind === "routed" ? attachment.prefixes : []).map((prefix, index) =>
        claim(prefix, prefix, "prefixes", index),
      ),
    ];
  });

/** One address or prefix for two guests: an error where they meet; in two VLANs it can be meant. */
const same: Rule = (guests) =>
  [...groupBy(guests.flatMap(claimsOf), ({ network }) => network).values()].flatMap(
    (group): readonly FileIssue[] => {
      const errors = withOther(
        group,
        (one, other) =>
          one.guest !== other.guest &&
          !(one.anycast && other.anycast) &&
          (one.segment === other.segment || one.segment === "routed" || other.segment === "routed"),
      ).map(([one, other]) =>
        errorAt(one, "duplicate", `${one.text} is also that of ${sayPlace(other)}; use another`),
      );
      if (errors.length > 0) return errors;
      return withOther(
        group,
        (one, other) => one.guest !== other.guest && !(one.anycast && other.anycast),
      ).map(([one, other]) =>
        warningAt(
          one,
          "duplicate",
          `${one.text} in ${one.segment} is also in ${other.segment}, that of ${sayPlace(other)}`,
        ),
      );
    },
  );

const inOrder = (a: Claim, b: Claim): number =>
  a.span.first < b.span.first || (a.span.first === b.span.first && a.span.last > b.span.last) ? -1 : 1;

/** Each claim with the smallest network of another guest that it is inside of. Networks are nested or apart, never astride. */
const nested = (claims: readonly Claim[]): readonly (readonly [inner: Claim, outer: Claim])[] => {
  const open: Claim[] = [];
  return [...claims].sort(inOrder).flatMap((claim): (readonly [Claim, Claim])[] => {
    for (let top = open.at(-1); top !== undefined && top.span.last < claim.span.first; top = open.at(-1))
      open.pop();
    const outer = open.findLast(
      (candidate) => candidate.guest !== claim.guest && candidate.network !== claim.network,
    );
    open.push(claim);
    return outer === undefined ? [] : [[claim, outer]];
  });
};

/** The more specific route takes the packets to what is inside another guest's prefix away from it. */
const overlaps: Rule = (guests) => {
  const routed = guests.flatMap(claimsOf).filter(({ segment }) => segment.startsWith("routed"));
  const pairs = [...groupBy(routed, ({ segment }) => segment).values()].flatMap(nested);
  const inside = new Map<Claim, readonly [first: Claim, more: number]>();
  for (const [inner, outer] of pairs) {
    const [first, more] = inside.get(outer) ?? [inner, -1];
    inside.set(outer, [first, more + 1]);
  }
  const advice = "use networks that do not overlap";
  return [
    ...pairs.map(([inner, outer]) =>
      errorAt(
        inner,
        "prefix-overlap",
        `${inner.text} is inside ${outer.text} of ${sayPlace(outer)}; ${advice}`,
      ),
    ),
    ...[...inside].map(([outer, [inner, more]]) => {
      const others = more === 0 ? "" : `, and ${more} more`;
      const message = `${outer.text} covers ${inner.text} of ${sayPlace(inner)}${others}; ${advice}`;
      return errorAt(outer, "prefix-overlap", message);
    }),
  ];
};

export const networkRules: readonly Rule[] = [same, overlaps];
