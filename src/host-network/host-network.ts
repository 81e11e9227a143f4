import type { SiteBond } from "../guest/site.ts";
import type { TrunkVlans } from "../guest/port-vlans.ts";
import type { Address } from "../values/address.ts";
import type { InterfaceAddress } from "../values/address-range.ts";
import type { Mac } from "../values/mac.ts";
import type { IfName } from "../values/names.ts";
import type { Vid, VidRange, VidSet } from "../values/vid.ts";

/** A default route of the host. */
export interface Gateway {
  readonly via: Address;
  /** No address of the device has the next hop in its network: it needs an explicit on-link route. */
  readonly onLink: boolean;
}

/** How a device is addressed. One without this has no addresses at all, not even a link-local one. */
export interface HostAddressing {
  readonly addresses: readonly InterfaceAddress[];
  readonly gateways: readonly Gateway[];
  /** DHCP for IPv4. */
  readonly dhcp: boolean;
  /** Addresses and a default route from router advertisements. */
  readonly slaac: boolean;
}

/** What a device is a port of. */
export type Master =
  | { readonly kind: "bond"; readonly name: IfName; readonly primary: boolean }
  | { readonly kind: "bridge"; readonly name: IfName; readonly vlans: TrunkVlans }
  | { readonly kind: "vrf"; readonly name: IfName };

interface AnyLink {
  readonly name: IfName;
  /** Null leaves the device its own. */
  readonly mac: Mac | null;
  /** Null leaves the device its own. */
  readonly mtu: number | null;
  readonly master: Master | null;
  readonly addressing: HostAddressing | null;
}

/** A device that the host has without any configuration. */
export interface PhysicalLink extends AnyLink {
  readonly kind: "physical";
}

export interface BondLink extends AnyLink, Omit<SiteBond, "ports" | "mac"> {
  readonly kind: "bond";
}

/** A bridge that filters VLANs, with default PVID 0 and without STP. */
export interface BridgeLink extends AnyLink {
  readonly kind: "bridge";
  readonly mac: Mac;
  readonly mtu: number;
  /** VLANs of the bridge's own port: those of the host's VLAN devices. */
  readonly vlans: VidSet;
}

/** A device of one VLAN of a bridge. */
export interface VlanLink extends AnyLink {
  readonly kind: "vlan";
  readonly parent: IfName;
  readonly vid: Vid;
}

/** VLANs that travel, one VNI each. */
export interface Tunnel extends VidRange {
  readonly vni: number;
}

/** One device for all VNIs of a bridge (`external vnifilter nolearning`): its VLAN tunnel mapping gives each VLAN its VNI. */
export interface VxlanLink extends AnyLink {
  readonly kind: "vxlan";
  readonly mtu: number;
  readonly master: Master & { readonly kind: "bridge" };
  readonly local: Address;
  readonly port: number;
  readonly tunnels: readonly Tunnel[];
  /** Other hosts, to which frames without a known receiver go. Null with EVPN, where a BGP daemon writes these entries. */
  readonly peers: readonly Address[] | null;
}

export interface VrfLink extends AnyLink {
  readonly kind: "vrf";
  readonly table: number;
}

export type HostLink = PhysicalLink | BondLink | BridgeLink | VlanLink | VxlanLink | VrfLink;
export type LinkKind = HostLink["kind"];

/** The host's own network as it shall be: what every format says in its own words, and what a running host is compared with. */
export interface HostNetwork {
  /** Each after those that it is a port of, or on top of. */
  readonly links: readonly HostLink[];
  /** Whether packets are forwarded between the host's devices, for routed NICs. */
  readonly forwarding: boolean;
}

/** Returns the links of one kind. */
export const linksOf = <K extends LinkKind>(
  { links }: HostNetwork,
  kind: K,
): readonly Extract<HostLink, { kind: K }>[] =>
  links.filter((link): link is Extract<HostLink, { kind: K }> => link.kind === kind);

/** Returns the devices that are ports of a bond or bridge, or in a VRF. */
export const portsOf = ({ links }: HostNetwork, master: IfName): readonly HostLink[] =>
  links.filter((link) => link.master?.name === master);

/** Kernel modules of the devices, in the order in which these are made. `tun` is that of guests' taps. */
export const modulesOf = (network: HostNetwork): readonly string[] => {
  const modules = { vrf: "vrf", bond: "bonding", bridge: "bridge", vlan: "8021q", vxlan: "vxlan" } as const;
  const used = Object.entries(modules).filter(([kind]) => network.links.some((link) => link.kind === kind));
  return [...used.map(([, module]) => module), "tun"];
};
