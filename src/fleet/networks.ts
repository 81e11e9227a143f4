import { type Address, type Prefix, toHostPrefix } from "../values/address.ts";
import { attachmentKind, isHooked, prefixesOf, sharingOf } from "../guest/attachment.ts";
import { vlanSegment } from "../guest/kinds/bridge-port.ts";
import { ROUTED } from "../guest/kinds/routed.ts";
import { type GuestNetwork, staticAddresses } from "../guest/guest-side.ts";
import type { ProfileNic } from "../guest/profile.ts";
import { mayShare, type Sharing } from "../guest/sharing.ts";
import { never } from "../values/brand.ts";
import type { Vid } from "../values/vid.ts";
import { untaggedVid } from "../guest/port-vlans.ts";
import { nestedIn, type Span, spanOf } from "../values/address-range.ts";
import {
  type FleetGuest,
  type ProfilePlace,
  errorAt,
  type FleetRule,
  profilePlaceText,
  warningAt,
} from "./guest.ts";
import type { FileIssue } from "../values/issue.ts";
import { groupBy } from "../values/group-by.ts";
import { conflictingPairs } from "./conflicting-pairs.ts";

/** A network of a guest's, an address being a network of one. */
export interface NetworkClaim extends ProfilePlace {
  readonly network: Prefix;
  readonly span: Span;
  /** As it was written: without the length that every address has. */
  readonly text: string;
  /** The scope of the address: two that differ never share a neighbour table. */
  readonly segment: string;
  /** Whether the host routes to it: then a more specific route takes packets from it. */
  readonly isRouted: boolean;
  /** Which other guests may have it as well. */
  readonly sharing: Sharing;
}

/** The host's routing table, or the VLAN in which a guest's frames are: a tagged one, or with null that of untagged frames. */
const segmentOf = (attachment: ProfileNic["attachment"], tagged: Vid | null): string => {
  if (isHooked(attachment)) return attachmentKind(attachment).segment(attachment, tagged);
  switch (attachment.kind) {
    case "unfiltered":
      return `bridge ${attachment.bridge}`;
    case "ovs": {
      const vid = tagged ?? (attachment.vlans === null ? null : untaggedVid(attachment.vlans));
      const bridge = `Open vSwitch ${attachment.bridge}`;
      return vid === null ? bridge : vlanSegment(vid, bridge);
    }
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

const claimsOfNic = (
  guest: FleetGuest,
  { attachment, inside }: ProfileNic,
  nic: number,
): readonly NetworkClaim[] => {
  type ClaimedNetwork = Pick<NetworkClaim, "network" | "text" | "segment" | "sharing">;
  const claim = (known: ClaimedNetwork, ...path: ProfilePlace["path"]): NetworkClaim => ({
    ...{ guest, path: ["interfaces", nic, ...path], span: spanOf(known.network) },
    isRouted: attachment.kind === "routed",
    ...known,
  });
  const host = (address: Address) => ({ network: toHostPrefix(address), text: address });
  const own = sharingOf(attachment);
  const inNetwork = (
    network: GuestNetwork,
    vid: Vid | null,
    ...path: ProfilePlace["path"]
  ): readonly NetworkClaim[] => {
    const segment = segmentOf(attachment, vid);
    return [
      ...staticAddresses(network).map(({ address }, index) =>
        claim({ ...host(address), segment, sharing: own }, ...path, "addresses", index),
      ),
      ...network.shared.map(({ address, guests }, index) => {
        const sharing: Sharing = { kind: "guests", guests };
        return claim({ ...host(address), segment, sharing }, ...path, "sharedAddresses", index, "address");
      }),
    ];
  };
  const segment = segmentOf(attachment, null);
  return [
    ...inNetwork(inside.untagged, null),
    ...inside.tagged.flatMap((one) => inNetwork(one, one.vid, "vlanAddresses", one.written)),
    ...prefixesOf(attachment).map((prefix, index) =>
      claim({ network: prefix, text: prefix, segment, sharing: own }, "prefixes", index),
    ),
  ];
};

/** Every address and prefix of a guest, where it stands in its file. */
export const claimsOf = (guest: FleetGuest): readonly NetworkClaim[] =>
  guest.profile.interfaces.flatMap((nic, index) => claimsOfNic(guest, nic, index));

/** Whether two guests must not have the same address. */
const apart = (one: NetworkClaim, other: NetworkClaim): boolean => {
  const of = ({ guest, sharing }: NetworkClaim) => ({ guest: guest.profile.name, sharing });
  return one.guest !== other.guest && !mayShare(of(one), of(other));
};

const remedy = (one: NetworkClaim, other: NetworkClaim): string =>
  one.sharing.kind === "guests" && other.sharing.kind === "guests"
    ? 'name each other in "guests", or use another'
    : "use another";

/** One address or prefix for two guests: an error where they meet; in two VLANs it can be meant. */
const same: FleetRule = (guests) =>
  [...groupBy(guests.flatMap(claimsOf), ({ network }) => network).values()].flatMap(
    (group): readonly FileIssue[] => {
      const errors = conflictingPairs(
        group,
        (one, other) =>
          apart(one, other) &&
          (one.segment === other.segment || one.segment === ROUTED || other.segment === ROUTED),
      ).map(([one, other]) =>
        errorAt(
          one,
          "duplicate",
          `${one.text} is also used by ${profilePlaceText(other)}: ${remedy(one, other)}`,
        ),
      );
      if (errors.length > 0) return errors;
      return conflictingPairs(group, apart).map(([one, other]) =>
        warningAt(
          one,
          "duplicate",
          `${one.text} in ${one.segment} is also used in ${other.segment} by ${profilePlaceText(other)}`,
        ),
      );
    },
  );

/** The more specific route takes the packets to what is inside another guest's prefix away from it. */
const overlaps: FleetRule = (guests) => {
  const routed = guests.flatMap(claimsOf).filter(({ isRouted }) => isRouted);
  const pairs = [...groupBy(routed, ({ segment }) => segment).values()].flatMap((group) =>
    nestedIn(group, (outer, inner) => outer.guest !== inner.guest && outer.network !== inner.network),
  );
  const inside = new Map<NetworkClaim, readonly [first: NetworkClaim, more: number]>();
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
        `${inner.text} is inside ${outer.text} of ${profilePlaceText(outer)}: ${advice}`,
      ),
    ),
    ...[...inside].map(([outer, [inner, more]]) => {
      const others = more === 0 ? "" : `, and ${more} more`;
      const message = `${outer.text} covers ${inner.text} of ${profilePlaceText(inner)}${others}: ${advice}`;
      return errorAt(outer, "prefix-overlap", message);
    }),
  ];
};

export const networkRules: readonly FleetRule[] = [same, overlaps];
