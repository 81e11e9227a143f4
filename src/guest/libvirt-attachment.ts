import type { PortVlans } from "./port-vlans.ts";
import type { IfName, Uuid } from "../values/names.ts";
import type { PciAddress } from "../values/pci.ts";
import type { Vid } from "../values/vid.ts";

// Attachments that libvirt makes without the hook: they carry no guestnet metadata.

/** A port of a per-VLAN bridge. */
export interface UnfilteredAttachment {
  readonly kind: "unfiltered";
  readonly bridge: IfName;
  readonly isolated: boolean;
}

/** A port of a libvirt network of any kind. */
export interface NetworkAttachment {
  readonly kind: "network";
  readonly network: string;
  readonly portgroup: string | null;
  readonly isolated: boolean;
}

/** A port of an Open vSwitch bridge. */
export interface OvsAttachment {
  readonly kind: "ovs";
  readonly bridge: IfName;
  /** Null is a port without tag and trunks: Open vSwitch lets it have all VLANs. */
  readonly vlans: PortVlans | null;
  /** The ID of the port in Open vSwitch and OVN (`external_ids:iface-id`). */
  readonly interfaceId: Uuid;
}

export const MACVTAP_MODES = ["bridge", "vepa", "private", "passthrough"] as const;

/** A macvtap on a device of the host. */
export interface MacvtapAttachment {
  readonly kind: "macvtap";
  readonly source: IfName;
  readonly mode: (typeof MACVTAP_MODES)[number];
  /** Set by the card; only where the device is a virtual function that the macvtap has to itself (passthrough). */
  readonly vlan: Vid | null;
}

/** A function of a network card, passed through; an SR-IOV virtual function can be in one VLAN. */
export interface HostdevAttachment {
  readonly kind: "hostdev";
  readonly source: PciAddress;
  readonly vlan: Vid | null;
  /** libvirt takes the function from its driver when the guest starts, and gives it back when it stops. */
  readonly managed: boolean;
}

export type TapAttachment = UnfilteredAttachment | NetworkAttachment | OvsAttachment | MacvtapAttachment;
