import type { Address } from "../values/address.ts";
import type { Mac } from "../values/mac.ts";
import type { GuestName, IfName } from "../values/names.ts";
import type { Vid } from "../values/vid.ts";
import type { PortVlans } from "./port-vlans.ts";

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

/** A port of a VLAN-aware bridge, however its profile calls it. */
export interface BridgePort {
  readonly bridge: IfName;
  readonly vlans: PortVlans;
  /** All its VLANs. */
  readonly vids: readonly Vid[];
  readonly policy: PortPolicy;
}
