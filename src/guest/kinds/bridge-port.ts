import type { Address } from "../../values/address.ts";
import type { IfName } from "../../values/names.ts";
import { renderVidSet } from "../../values/vid.ts";
import { placedByVlans } from "../placement.ts";
import { type AccessVlan, type TrunkVlans, vlansText } from "../port-vlans.ts";
import type { AttachmentKind } from "./attachment-kind.ts";

/** The ports of a bridge that lead to the rest of the world. */
export interface Uplinks {
  readonly ports: readonly IfName[];
  /** Who adds them to the guests' VLANs: the administrator, permanently, or guestnet, while a guest requires it. */
  readonly mode: "static" | "follow-guests";
}

/** Privileges of few guests: to be a router, or a DHCP server. */
export const SERVICES = ["router", "dhcp"] as const;
export type Service = (typeof SERVICES)[number];

/** The addresses from which a port's guest may send. */
export interface PortGuard {
  readonly addresses: readonly Address[];
  readonly services: readonly Service[];
}

/** Options of a bridge port, without its VLANs. */
export interface PortPolicy {
  /** No frames between two isolated ports of the bridge (`bridge link … isolated on`). */
  readonly isolated: boolean;
  /** Only frames from the guest's own MAC address pass. */
  readonly antispoof: boolean;
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

const heldTo = ({ policy }: AccessAttachment | TrunkAttachment) => ({
  addresses: policy.guard?.addresses ?? [],
  prefixes: [],
  anycast: false,
});

export const access: AttachmentKind<AccessAttachment> = {
  port: ({ bridge, vlan }) => ({ bridge, vids: [vlan] }),
  networks: heldTo,
  segment: ({ bridge, vlan }) => `VLAN ${String(vlan)} of ${bridge}`,
  describe: ({ bridge }) => `access ${bridge}`,
  place: vlansText,
  placement: (attachment) => placedByVlans({ name: attachment.bridge, what: FILTERING }, attachment),
  json: ({ bridge, vlan }) => ({ bridge, vlan }),
};

export const trunk: AttachmentKind<TrunkAttachment> = {
  port: ({ bridge, tagged, native }) => ({ bridge, vids: [...tagged, ...(native === null ? [] : [native])] }),
  networks: heldTo,
  segment: ({ bridge, native }) =>
    native === null ? `the trunk on ${bridge}` : `VLAN ${String(native)} of ${bridge}`,
  describe: ({ bridge }) => `trunk ${bridge}`,
  place: vlansText,
  placement: (attachment) => placedByVlans({ name: attachment.bridge, what: FILTERING }, attachment),
  json: ({ bridge, tagged, native }) => ({ bridge, tagged: renderVidSet(tagged), native }),
};
