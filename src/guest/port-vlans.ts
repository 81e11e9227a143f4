import { renderVidSet, type Vid, type VidSet } from "../values/vid.ts";

/** Exactly one VLAN: PVID, and egress untagged. */
export interface AccessVlan {
  readonly kind: "access";
  readonly vlan: Vid;
}

/** Tagged VLANs, and perhaps one for untagged frames. `native` is never in `tagged`. */
export interface TrunkVlans {
  readonly kind: "trunk";
  readonly tagged: VidSet;
  readonly native: Vid | null;
}

/** The VLANs of a port, set by libvirt or by the hook. */
export type PortVlans = AccessVlan | TrunkVlans;

/** Returns the VLAN of a port's untagged frames, or null. */
export const untaggedVid = (vlans: PortVlans): Vid | null =>
  vlans.kind === "access" ? vlans.vlan : vlans.native;

/** Returns the VLANs of a port in one word: `20`, `30,100-199 native 10`. */
export const vlansText = (vlans: PortVlans): string => {
  if (vlans.kind === "access") return String(vlans.vlan);
  const tagged = renderVidSet(vlans.tagged);
  return vlans.native === null ? tagged : `${tagged} native ${String(vlans.native)}`.trim();
};
