import type { Address, Family } from "../values/address.ts";

/** A bridge's own settings. */
export interface LiveBridge {
  readonly filtering: boolean;
  readonly defaultPvid: number;
  readonly stp: boolean;
}

/** A VXLAN device's settings. */
export interface LiveVxlan {
  readonly local: Address | null;
  readonly port: number;
  /** The VNI of a device for one VNI; null for `external`. */
  readonly vni: number | null;
  /** Whether it has the VNI from the bridge's tunnel information (`external`). */
  readonly external: boolean;
  readonly vnifilter: boolean;
  readonly learning: boolean;
}

/** Settings that a device has as the port of a bridge. */
export interface LivePort {
  readonly vlanTunnel: boolean;
  readonly learning: boolean;
  readonly isolated: boolean;
}

/** A network device. */
export interface LiveLink {
  readonly name: string;
  /** `bridge`, `bond`, `vlan`, `tun`, `veth` …; null for a physical device. */
  readonly kind: string | null;
  /** `ether`, `loopback`, `sit` … */
  readonly type: string;
  readonly master: string | null;
  /** The device below a VLAN device. */
  readonly lower: string | null;
  readonly up: boolean;
  readonly mtu: number;
  readonly mac: string;
  readonly bridge: LiveBridge | null;
  readonly vlan: { readonly id: number; readonly protocol: string } | null;
  readonly bond: Bond | null;
  readonly vrf: { readonly table: number } | null;
  readonly vxlan: LiveVxlan | null;
  readonly port: LivePort | null;
}

/** A bond's settings that have a key in `host.json`, or that its report names. */
export interface Bond {
  readonly mode: string;
  readonly lacpRate: string | null;
  readonly miimon: number | null;
  readonly hashPolicy: string | null;
  readonly primary: string | null;
  readonly minLinks: number | null;
}

/** An address of a device. */
export interface LiveAddress {
  readonly dev: string;
  readonly address: Address;
  readonly length: number;
  readonly family: Family;
  readonly scope: string;
  /** Whether it has a lifetime: from router advertisements or DHCP. */
  readonly dynamic: boolean;
  /** Whether the kernel made it from a router advertisement (`mngtmpaddr`, `temporary` or its protocol). */
  readonly fromRouter: boolean;
  /** The other end of a point-to-point link. */
  readonly peer: Address | null;
  readonly broadcast: Address | null;
}

/** A unicast route, or one that discards; routes of table local are the kernel's own. */
export interface LiveRoute {
  readonly family: Family;
  readonly type: string;
  /** `default`, an address or a prefix, as iproute2 prints it. */
  readonly to: string;
  readonly via: string | null;
  /** Null for a route that discards, and for one with several next hops. */
  readonly dev: string | null;
  readonly table: string;
  readonly metric: number | null;
  /** `kernel`, `boot`, `static`, `dhcp`, `ra`, or a number without a name. */
  readonly protocol: string;
  readonly source: string | null;
  readonly scope: string | null;
  /** `onlink` is the one that a command has to repeat. */
  readonly onlink: boolean;
  readonly hops: number;
}

/** A VLAN of a port, or of a bridge itself. */
export interface LiveVlan {
  readonly port: string;
  readonly vid: number;
  readonly pvid: boolean;
  readonly untagged: boolean;
}

/** A VLAN's VNI on a VXLAN port. */
export interface LiveTunnel {
  readonly port: string;
  readonly vid: number;
  readonly vni: number;
}

/** A tunnel endpoint to which a VXLAN device floods a VNI. */
export interface LivePeer {
  readonly port: string;
  readonly address: Address;
  readonly vni: number | null;
}

/** A policy rule beside the kernel's three. */
export interface LiveRule {
  readonly family: Family;
  readonly text: string;
}

/** The network of a running host, as its kernel has it. */
export interface LiveNetwork {
  readonly links: readonly LiveLink[];
  readonly addresses: readonly LiveAddress[];
  readonly routes: readonly LiveRoute[];
  readonly rules: readonly LiveRule[];
  readonly vlans: readonly LiveVlan[];
  readonly tunnels: readonly LiveTunnel[];
  readonly peers: readonly LivePeer[];
  /** @param name below /proc/sys, with slashes. @returns null for what was not read */
  readonly sysctl: (name: string) => string | null;
}

/** Returns the device of that name, or null. */
export const linkOf = ({ links }: Pick<LiveNetwork, "links">, name: string): LiveLink | null =>
  links.find((link) => link.name === name) ?? null;

/** Returns the ports of a bridge, or the devices of a bond or VRF. */
export const devicesIn = ({ links }: Pick<LiveNetwork, "links">, master: string): readonly LiveLink[] =>
  links.filter((link) => link.master === master);
