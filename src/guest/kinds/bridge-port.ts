import { type Address, toHostPrefix } from "../../values/address.ts";
import type { IfName } from "../../values/names.ts";
import { renderVidSet, type Vid } from "../../values/vid.ts";
import { placedByVlans } from "../placement.ts";
import type { PortPolicy } from "../port-policy.ts";
import { type AccessVlan, type TrunkVlans, vlansText } from "../port-vlans.ts";
import { OWN, type Sharing } from "../sharing.ts";
import type { AttachmentKind, KnownNetwork } from "./attachment-kind.ts";

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
    address,
    prefix: toHostPrefix(address),
    vid,
    segment: segment(attachment, vid),
    sharing: sharedBy.length === 0 ? OWN : { kind: "guests", guests: sharedBy },
  }));

const noSharing = (): Sharing => OWN;
const noGateways = (): readonly Address[] => [];

export const access: AttachmentKind<AccessAttachment> = {
  port: (attachment) => ({
    ...{ bridge: attachment.bridge, vlans: attachment, vids: [attachment.vlan] },
    policy: attachment.policy,
  }),
  networks: (attachment) => heldTo(attachment, accessSegment),
  sharing: noSharing,
  gateways: noGateways,
  segment: accessSegment,
  describe: ({ bridge }) => `access ${bridge}`,
  place: vlansText,
  placement: (attachment) => placedByVlans({ name: attachment.bridge, what: FILTERING }, attachment),
  json: ({ bridge, vlan, policy }) => ({ bridge, vlan, macs: policy.macs }),
};

export const trunk: AttachmentKind<TrunkAttachment> = {
  port: (attachment) => {
    const { bridge, tagged, native, policy } = attachment;
    return { bridge, vlans: attachment, vids: [...tagged, ...(native === null ? [] : [native])], policy };
  },
  networks: (attachment) => heldTo(attachment, trunkSegment),
  sharing: noSharing,
  gateways: noGateways,
  segment: trunkSegment,
  describe: ({ bridge }) => `trunk ${bridge}`,
  place: vlansText,
  placement: (attachment) => placedByVlans({ name: attachment.bridge, what: FILTERING }, attachment),
  json: ({ bridge, tagged, native, policy }) => ({
    ...{ bridge, tagged: renderVidSet(tagged), native },
    macs: policy.macs,
  }),
};
