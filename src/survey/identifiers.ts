import { type Prefix, toHostPrefix } from "../values/address.ts";
import type { LiveDomain, Nic } from "../guest/nic.ts";
import { tableWords } from "../values/route-table.ts";
import { type Span, spanOf } from "../values/address-range.ts";

/** A running guest, and where. */
export interface PlacedGuest {
  readonly host: string;
  readonly domain: LiveDomain;
  /** Its CPUs stand still: somebody has paused it, or it is on its way from this host or to it. */
  readonly paused: boolean;
}

/** Something of a guest's that no other guest can have. */
export interface Identifier {
  readonly kind: "guest" | "name" | "mac" | "address";
  /** UUID, name, MAC address, address or prefix. */
  readonly what: string;
  readonly of: PlacedGuest;
  /** The NIC's; null where it is the whole guest's. */
  readonly tap: string | null;
}

/** An address, a network of one, or a prefix. */
export interface NetworkIdentifier extends Identifier {
  readonly span: Span;
  /** Where it is known: in two VLANs, or two VRFs, it can be there twice. */
  readonly segment: string;
  /** Others that say the same may have it as well. */
  readonly anycast: boolean;
}

export const ROUTED = "routed";

const segmentOf = ({ attachment }: Nic): string => {
  if (attachment.kind === "routed") return `${ROUTED}${tableWords(attachment.table)}`;
  const vid = attachment.kind === "access" ? attachment.vlan : attachment.native;
  return vid === null ? `the trunk on ${attachment.bridge}` : `VLAN ${String(vid)} of ${attachment.bridge}`;
};

interface Network {
  readonly what: string;
  readonly prefix: Prefix;
}

/** Those that the host knows: of a bridge guest, the ones that it is held to. */
const networksOf = ({ attachment }: Nic): readonly Network[] => {
  const routed = attachment.kind === "routed";
  const addresses = routed ? attachment.addresses : (attachment.policy.guard?.addresses ?? []);
  return [
    ...addresses.map((what) => ({ what, prefix: toHostPrefix(what) })),
    ...(routed ? attachment.prefixes : []).map((prefix) => ({ what: prefix, prefix })),
  ];
};

/** All addresses and prefixes of a guest. */
export const networkIdentifiersOf = (of: PlacedGuest): readonly NetworkIdentifier[] =>
  of.domain.nics.flatMap((nic) =>
    networksOf(nic).map(({ what, prefix }) => ({
      ...({ kind: "address", what, of, tap: nic.tap, span: spanOf(prefix) } as const),
      segment: segmentOf(nic),
      anycast: nic.attachment.kind === "routed" && nic.attachment.anycast,
    })),
  );

/** What tells a guest from others: UUID and name, and the MAC addresses of its NICs. */
export const identifiersOf = (of: PlacedGuest): readonly Identifier[] => {
  const { name, uuid, nics } = of.domain;
  return [
    { kind: "guest", what: uuid, of, tap: null },
    { kind: "name", what: name, of, tap: null },
    ...nics.map(({ tap, mac }): Identifier => ({ kind: "mac", what: mac, of, tap })),
  ];
};
