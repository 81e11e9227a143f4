import type { Address, Prefix } from "../values/address.ts";
import type { Mac } from "../values/mac.ts";
import type { Vid } from "../values/vid.ts";
import type { PortVlans } from "../guest/port-vlans.ts";
import type { Sharing } from "../guest/sharing.ts";

/** The network in which an address counts. */
export type Segment =
  /** The routing tables of the host. */
  | { readonly kind: "routed" }
  | { readonly kind: "vlan"; readonly bridge: string; readonly vid: Vid }
  /** A network that host.json does not describe: of libvirt, of a network card, or a per-VLAN bridge. */
  | { readonly kind: "other" };

/** An address of a guest. */
export interface BookedAddress {
  readonly address: Address;
  /** Length of the network on link: 32 or 128 of a routed NIC, and where it is not known. */
  readonly length: number;
  readonly segment: Segment;
  readonly sharing: Sharing;
}

/** A NIC of a guest. */
export interface BookedNic {
  /** Its name on the host: the tap, or where there is none the MAC address. */
  readonly name: string;
  readonly mac: Mac;
  /** Those that its guest has beside it: nested guests, macvlan, VRRP. */
  readonly moreMacs: readonly Mac[];
  /** `access`, `trunk`, `routed`, `unfiltered`, `network`, `ovs`, `macvtap`, `hostdev`, or libvirt's word. */
  readonly kind: string;
  /** The bridge, network or device that it is on; null for a routed NIC. */
  readonly on: string | null;
  readonly vlans: PortVlans | null;
  readonly mtu: number | null;
  readonly addresses: readonly BookedAddress[];
  /** Networks that are routed to it. */
  readonly prefixes: readonly { readonly prefix: Prefix; readonly sharing: Sharing }[];
  /** Next hops of its default routes. */
  readonly gateways: readonly Address[];
}

/** A guest in the address plan. */
export interface BookedGuest {
  readonly name: string;
  /** The host that it runs on, or whose host.json it is read with; null where that has no name. */
  readonly host: string | null;
  /** Its profile; null for a running guest. */
  readonly file: string | null;
  /** The name in DNS: without underscores, with or without a domain. */
  readonly hostname: string;
  readonly vcpus: number | null;
  readonly memoryKib: number | null;
  readonly nics: readonly BookedNic[];
}

/** Returns all addresses of a guest, in the order of its NICs. */
export const addressesIn = ({ nics }: BookedGuest): readonly BookedAddress[] =>
  nics.flatMap(({ addresses }) => addresses);
