import type { Address } from "../values/address.ts";
import type { IfName } from "../values/names.ts";
import type { VidRange } from "../values/vid.ts";

/** A bridge of the host, as `host.json` describes it. */
export interface SiteBridge {
  readonly name: IfName;
  readonly uplinks: readonly IfName[];
  /** Names that profiles may use for VLANs; empty when the file gives none. */
  readonly vlans: ReadonlyMap<string, VidRange>;
  /** Whether a VLAN is on the uplinks always, or while a guest needs it. */
  readonly uplinkVlans: "static" | "follow-guests";
}

/** The host's side of what profiles share: `host.json`. */
export interface Site {
  readonly bridges: ReadonlyMap<string, SiteBridge>;
  readonly routed: {
    readonly uplinks: readonly IfName[];
    /** Gateways of routed NICs that name none; empty when the file gives none. */
    readonly gateways: readonly Address[];
  };
}

/** The form of a VLAN's name: it begins with a letter, so that it is never taken for a number or a range. */
export const VLAN_NAME = /^[A-Za-z][A-Za-z0-9._-]{0,62}$/;

/** Returns whether the text can be a VLAN's name. */
export const isVlanName = (text: string): boolean => VLAN_NAME.test(text);
