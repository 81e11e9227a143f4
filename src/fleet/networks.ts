import { type Prefix, toHostPrefix } from "../values/address.ts";
import { attachmentKind } from "../guest/attachment.ts";
import { isHooked } from "../guest/attachment.ts";
import type { ProfileNic } from "../guest/profile.ts";
import { never } from "../values/brand.ts";
import { nestedIn, type Span, spanOf } from "../values/address-range.ts";
import { type FleetGuest, type Place, errorAt, type Rule, sayPlace, warningAt } from "./guest.ts";
import type { FileIssue } from "../values/issue.ts";
import { groupBy, withOther } from "./groups.ts";

/** A network of a guest's, an address being a network of one. */
export interface Claim extends Place {
  readonly network: Prefix;
  readonly span: Span;
  /** As it was written: without the length that every address has. */
  readonly text: string;
  /** The scope of the address: two that differ never share a neighbour table. */
  readonly segment: string;
  /** Other guests with the same mark may have it as well. */
  readonly anycast: boolean;
}

/** The host's routing table, or the VLAN in which a guest's untagged frames are. */
const segmentOf = (attachment: ProfileNic["attachment"]): string => {
  if (isHooked(attachment)) return attachmentKind(attachment).segment(attachment);
  switch (attachment.kind) {
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
        errorAt(one, "duplicate", `${one.text} is also used by ${sayPlace(other)}: use another`),
      );
      if (errors.length > 0) return errors;
      return withOther(
        group,
        (one, other) => one.guest !== other.guest && !(one.anycast && other.anycast),
      ).map(([one, other]) =>
        warningAt(
          one,
          "duplicate",
          `${one.text} in ${one.segment} is also used in ${other.segment} by ${sayPlace(other)}`,
        ),
      );
    },
  );

/** The more specific route takes the packets to what is inside another guest's prefix away from it. */
const overlaps: Rule = (guests) => {
  const routed = guests.flatMap(claimsOf).filter(({ segment }) => segment.startsWith("routed"));
  const pairs = [...groupBy(routed, ({ segment }) => segment).values()].flatMap((group) =>
    nestedIn(group, (outer, inner) => outer.guest !== inner.guest && outer.network !== inner.network),
  );
  const inside = new Map<Claim, readonly [first: Claim, more: number]>();
  for (const { inner, outer } of pairs) {
    const [first, more] = inside.get(outer) ?? [inner, -1];
    inside.set(outer, [first, more + 1]);
  }
  const advice = "use networks that do not overlap";
  return [
    ...pairs.map(({ inner, outer }) =>
      errorAt(
        inner,
        "prefix-overlap",
        `${inner.text} is inside ${outer.text} of ${sayPlace(outer)}: ${advice}`,
      ),
    ),
    ...[...inside].map(([outer, [inner, more]]) => {
      const others = more === 0 ? "" : `, and ${more} more`;
      const message = `${outer.text} covers ${inner.text} of ${sayPlace(inner)}${others}: ${advice}`;
      return errorAt(outer, "prefix-overlap", message);
    }),
  ];
};

export const networkRules: readonly Rule[] = [same, overlaps];
