import type { Address, Prefix } from "../values/address.ts";
import type { NonEmpty } from "../values/brand.ts";
import type { IfName } from "../values/names.ts";
import type { RouteTable } from "../values/route-table.ts";
import type { Reach } from "../kernel/facts/tap-group.ts";
import type { Vid, VidSet } from "../values/vid.ts";

/** The ports of a bridge that lead to the rest of the world. */
export interface Uplinks {
  readonly ports: readonly IfName[];
  /** Who adds them to the guests' VLANs: the administrator, permanently, or guestnet, while a guest requires it. */
  readonly mode: "static" | "follow-guests";
}

/** What a guest may do that only few may: announce itself as a router, or answer as a DHCP server. */
export const SERVICES = ["router", "dhcp"] as const;
export type Service = (typeof SERVICES)[number];

/** The addresses from which a port's guest may send. */
export interface PortGuard {
  readonly addresses: readonly Address[];
  readonly services: readonly Service[];
}

/** What a port of a bridge may do besides being in its VLANs. */
export interface PortPolicy {
  /** No frames between two isolated ports of the bridge (`bridge link … isolated on`). */
  readonly isolated: boolean;
  /** Only frames from the guest's own MAC address pass. */
  readonly antispoof: boolean;
  /** With `antispoof`, where the guest's addresses are known: nothing from others passes. */
  readonly guard: PortGuard | null;
  /** What leads out of the bridge, where host.json says it. */
  readonly uplinks: Uplinks | null;
}

/** Exactly one VLAN: PVID, and egress untagged. */
export interface AccessAttachment {
  readonly kind: "access";
  readonly bridge: IfName;
  readonly vlan: Vid;
  readonly policy: PortPolicy;
}

/** Tagged VLANs, and perhaps one for untagged frames. `native` is never in `tagged`. */
export interface TrunkAttachment {
  readonly kind: "trunk";
  readonly bridge: IfName;
  readonly tagged: VidSet;
  readonly native: Vid | null;
  readonly policy: PortPolicy;
}

/** A tap without a bridge; the guest's addresses are host routes to it. */
export interface RoutedAttachment {
  readonly kind: "routed";
  readonly addresses: NonEmpty<Address>;
  /** Whole networks, each routed via the guest's first address of its family. */
  readonly prefixes: readonly Prefix[];
  /** What the guest uses as next hop; the host has it on the tap. Only families that the guest has addresses of. */
  readonly gateways: readonly Address[];
  /** Only packets from the guest's own addresses and prefixes pass. */
  readonly antispoof: boolean;
  /** Where its routes are. */
  readonly table: RouteTable;
  /** Metric of its routes; null leaves it to the kernel. */
  readonly metric: number | null;
  /** Other guests may have the same addresses, on this host and elsewhere. */
  readonly anycast: boolean;
  /** Whether the host forwards between it and other routed guests. */
  readonly reach: Reach;
  /** Uplinks on which the host answers for its addresses. */
  readonly proxyOn: readonly IfName[];
}

export type BridgeAttachment = AccessAttachment | TrunkAttachment;
/** How a NIC meets the network. */
export type Attachment = BridgeAttachment | RoutedAttachment;
