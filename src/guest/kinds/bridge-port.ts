import { type Address, toHostPrefix } from "../../values/address.ts";
import type { Mac } from "../../values/mac.ts";
import type { GuestName, IfName } from "../../values/names.ts";
import { renderVidSet, type Vid } from "../../values/vid.ts";
import { placedByVlans } from "../placement.ts";
import { type AccessVlan, type TrunkVlans, vlansText } from "../port-vlans.ts";
import { OWN } from "../sharing.ts";
import type { AttachmentKind, KnownNetwork } from "./attachment-kind.ts";

/** The ports of a bridge that lead to the rest of the world. */
export interface Uplinks {
  readonly ports: readonly IfName[];
  /** Who adds them to the guests' VLANs: the administrator, permanently, or guestnet, while a guest requires it. */
  readonly mode: "static" | "follow-guests";
}

/** Privileges of few guests: to be a router, or a DHCP server. */
export const SERVICES = ["router", "dhcp"] as const;
export type Service = (typeof SERVICES)[number];

/** An address of a port's guest. */
export interface PortAddress {
  readonly address: Address;
  /** The tagged VLAN that it is in; null is the network of untagged frames. */
  readonly vid: Vid | null;
  /** The guests that it moves between; empty where it is the guest's own. */
  readonly sharedBy: readonly GuestName[];
}

/** The addresses from which a port's guest may send. */
export interface PortGuard {
  readonly addresses: readonly PortAddress[];
  readonly services: readonly Service[];
}

/** How many MAC addresses a guest may have on a port beside its own: each is an entry in each VLAN of it. */
export const MOST_MACS = 64;

/** Options of a bridge port, without its VLANs. */
export interface PortPolicy {
  /** No frames between two isolated ports of the bridge (`bridge link … isolated on`). */
  readonly isolated: boolean;
  /** Only frames from the guest's own MAC addresses pass. */
  readonly antispoof: boolean;
  /** With `antispoof`, the MAC addresses that it has beside the NIC's: nested guests, macvlan, VRRP. */
  readonly macs: readonly Mac[];
  /** With `antispoof`, where the guest's addresses are known: nothing from others passes. */
  readonly guard: PortGuard | null;
  /** The uplinks of the bridge, if host.json names them. */
  readonly uplinks: Uplinks | null;
}

/** Exactly one VLAN: PVID, and egress untagged. */
export interface AccessAttachment extends AccessVlan {
  readonly bridge: IfName;
  readonly policy: PortPolicy;
}

/** Tagged VLANs, and perhaps one for untagged frames. */
export interface TrunkAttachment extends TrunkVlans {
  readonly bridge: IfName;
  readonly policy: PortPolicy;
}

const FILTERING = "VLAN-aware bridge";

/** Returns the scope of addresses in a VLAN of a bridge. */
export const vlanSegment = (vid: Vid, bridge: string): string => `VLAN ${String(vid)} of ${bridge}`;

const accessSegment = ({ bridge, vlan }: AccessAttachment): string => vlanSegment(vlan, bridge);
const trunkSegment = ({ bridge, native }: TrunkAttachment, tagged: Vid | null): string => {
  const vid = tagged ?? native;
  return vid === null ? `the trunk on ${bridge}` : vlanSegment(vid, bridge);
};

const heldTo = <A extends AccessAttachment | TrunkAttachment>(
  attachment: A,
  segment: (attachment: A, vid: Vid | null) => string,
): readonly KnownNetwork[] =>
  (attachment.policy.guard?.addresses ?? []).map(({ address, vid, sharedBy }) => ({
    what: address,
    prefix: toHostPrefix(address),
    segment: segment(attachment, vid),
    sharing: sharedBy.length === 0 ? OWN : { kind: "guests", guests: sharedBy },
  }));

export const access: AttachmentKind<AccessAttachment> = {
  port: ({ bridge, vlan }) => ({ bridge, vids: [vlan] }),
  networks: (attachment) => heldTo(attachment, accessSegment),
  segment: accessSegment,
  describe: ({ bridge }) => `access ${bridge}`,
  place: vlansText,
  placement: (attachment) => placedByVlans({ name: attachment.bridge, what: FILTERING }, attachment),
  json: ({ bridge, vlan, policy }) => ({ bridge, vlan, macs: policy.macs }),
};

export const trunk: AttachmentKind<TrunkAttachment> = {
  port: ({ bridge, tagged, native }) => ({ bridge, vids: [...tagged, ...(native === null ? [] : [native])] }),
  networks: (attachment) => heldTo(attachment, trunkSegment),
  segment: trunkSegment,
  describe: ({ bridge }) => `trunk ${bridge}`,
  place: vlansText,
  placement: (attachment) => placedByVlans({ name: attachment.bridge, what: FILTERING }, attachment),
  json: ({ bridge, tagged, native, policy }) => ({
    ...{ bridge, tagged: renderVidSet(tagged), native },
    macs: policy.macs,
  }),
};
