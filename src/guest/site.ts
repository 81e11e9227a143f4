import type { Address, Prefix } from "../values/address.ts";
import type { InterfaceAddress } from "../values/address-range.ts";
import type { AddressRun } from "../values/address-run.ts";
import type { Mac } from "../values/mac.ts";
import type { IfName } from "../values/names.ts";
import type { Vid, VidRange } from "../values/vid.ts";

/** A VLAN that has a name, or several that share one. */
export interface SiteVlan extends VidRange {
  /** Networks of the VLAN; empty when the file gives none, and for a range. */
  readonly prefixes: readonly Prefix[];
  /** Addresses in them that no guest is given. */
  readonly reserved: readonly AddressRun[];
}

/** How the host itself is addressed in one network. */
export interface SiteAddressing {
  readonly addresses: readonly InterfaceAddress[];
  /** Next hops of default routes, at most one for each family of the whole host. */
  readonly gateways: readonly Address[];
  /** DHCP for IPv4. */
  readonly dhcp: boolean;
  /** Addresses and a default route from router advertisements. */
  readonly slaac: boolean;
  readonly vrf: IfName | null;
}

/** A VLAN of a bridge in which the host has addresses, on a VLAN device. */
export interface SiteNetwork extends SiteAddressing {
  readonly vid: Vid;
  /** The VLAN as the file writes it: a number, or a name. */
  readonly written: string;
  readonly device: IfName;
}

/** VLANs of a bridge that travel through one VNI each. */
export interface SiteTunnel extends VidRange {
  /** The VNI of the first VLAN; the others follow. */
  readonly vni: number;
}

/** VLANs of a bridge between hosts, over an IP network (RFC 7348). */
export interface SiteVxlan {
  readonly device: IfName;
  /** The host's own address in the IP network. */
  readonly local: Address;
  readonly port: number;
  readonly tunnels: readonly SiteTunnel[];
  /** Where the other hosts are known from: this file, or a BGP daemon (RFC 8365). */
  readonly remote: { readonly kind: "peers"; readonly peers: readonly Address[] } | { readonly kind: "evpn" };
}

/** A bridge of the host, as `host.json` describes it. */
export interface SiteBridge {
  readonly name: IfName;
  readonly uplinks: readonly IfName[];
  /** Names that profiles may use for VLANs; empty when the file gives none. */
  readonly vlans: ReadonlyMap<string, SiteVlan>;
  /** Whether a VLAN is on the uplinks always, or while a guest needs it. */
  readonly uplinkVlans: "static" | "follow-guests";
  /** The VLAN of untagged frames on the uplinks. Null drops these. */
  readonly native: Vid | null;
  readonly mac: Mac | null;
  readonly mtu: number | null;
  /** In the order of VLAN IDs. */
  readonly networks: readonly SiteNetwork[];
  readonly vxlan: SiteVxlan | null;
}

export const BOND_MODES = [
  "balance-rr",
  "active-backup",
  "balance-xor",
  "broadcast",
  "802.3ad",
  "balance-tlb",
  "balance-alb",
] as const;
export type BondMode = (typeof BOND_MODES)[number];

export const HASH_POLICIES = [
  "layer2",
  "layer2+3",
  "layer3+4",
  "encap2+3",
  "encap3+4",
  "vlan+srcmac",
] as const;
export type HashPolicy = (typeof HASH_POLICIES)[number];

/** A bond of physical interfaces, in the words of the kernel's bonding.rst. Null is the kernel's default. */
export interface SiteBond {
  readonly name: IfName;
  readonly ports: readonly IfName[];
  readonly mode: BondMode;
  /** Milliseconds between two looks at the carrier. */
  readonly miimon: number;
  readonly lacpRate: "slow" | "fast" | null;
  readonly hashPolicy: HashPolicy | null;
  readonly primary: IfName | null;
  readonly minLinks: number | null;
  readonly mac: Mac | null;
}

/** An interface of the host outside of every bridge: an uplink of routed NICs, the underlay of VXLAN. */
export interface SiteInterface extends SiteAddressing {
  readonly name: IfName;
  readonly mtu: number | null;
}

/** What the host routes. */
export interface SiteRouted {
  /** Whether the file says anything of routed NICs: then the host forwards packets. */
  readonly forwarding: boolean;
  readonly uplinks: readonly IfName[];
  /** Gateways of routed NICs that name none; empty when the file gives none. */
  readonly gateways: readonly Address[];
  /** Networks in which routed NICs have their addresses; empty when the file gives none. */
  readonly prefixes: readonly Prefix[];
  /** Addresses in them that no guest is given. */
  readonly reserved: readonly AddressRun[];
  /** VRF devices, and the routing table of each. */
  readonly vrfs: ReadonlyMap<IfName, number>;
}

/** The host's side of what profiles share: `host.json`. */
export interface Site {
  /** The host's name; null when the file gives none. */
  readonly name: string | null;
  readonly bonds: readonly SiteBond[];
  readonly bridges: ReadonlyMap<string, SiteBridge>;
  readonly interfaces: readonly SiteInterface[];
  readonly routed: SiteRouted;
}

/** The form of a VLAN's name: it begins with a letter, so that it is never taken for a number or a range. */
export const VLAN_NAME = /^[A-Za-z][A-Za-z0-9._-]{0,62}$/;

/**
 * The VLANs that a name stands for where no bridge is named, as on a network card: those of all bridges that have the name.
 *
 * @returns null where none has it, or where they differ
 */
export const rangeOnCard = ({ bridges }: Site, name: string): VidRange | null => {
  const [range, ...others] = [...bridges.values()].flatMap(({ vlans }) => vlans.get(name) ?? []);
  return range !== undefined &&
    others.every(({ first, last }) => first === range.first && last === range.last)
    ? range
    : null;
};

/** Returns whether the text can be a VLAN's name. */
export const isVlanName = (text: string): boolean => VLAN_NAME.test(text);
