import type { Family } from "../../values/address.ts";
import type { IfName } from "../../values/names.ts";
import type { Vid } from "../../values/vid.ts";
import type { Lookup } from "./scope.ts";

/** Something that the host must have before a NIC can work, and that guestnet never changes. */
export type Demand = { readonly tap: IfName } & (
  | { readonly kind: "bridge"; readonly bridge: IfName }
  | { readonly kind: "vlan-filtering"; readonly bridge: IfName }
  | { readonly kind: "port-of"; readonly bridge: IfName }
  | { readonly kind: "lockable" }
  | { readonly kind: "no-vlan-device"; readonly bridge: IfName; readonly vids: readonly Vid[] }
  | { readonly kind: "own-tap"; readonly alias: string }
  | { readonly kind: "uplink"; readonly uplink: IfName }
  | { readonly kind: "proxy-ndp" }
  | { readonly kind: "vrf"; readonly vrf: IfName }
  | { readonly kind: "free"; readonly lookup: Lookup; readonly anycast: boolean }
  | { readonly kind: "forwarding"; readonly family: Family }
  | { readonly kind: "vrf-forwarding"; readonly vrf: IfName }
);

/** A demand that the host does not meet: what is wrong, and what the administrator does; null where that depends. */
export interface Unmet {
  readonly found: string;
  readonly fix: string | null;
}

/** Returns it in one line: `bridge br0 does not filter VLANs: enable it with …`. */
export const unmetText = ({ found, fix }: Unmet): string => (fix === null ? found : `${found}: ${fix}`);

/** The global switch without which the host forwards nothing of a family. */
export const FORWARDING: Readonly<Record<Family, string>> = {
  ipv4: "net/ipv4/ip_forward",
  ipv6: "net/ipv6/conf/all/forwarding",
};

/** A VRF takes the place of the device that a packet came in by, so its setting counts too (l3mdev_ip_rcv, IN_DEV_FORWARD). */
export const vrfForwarding = (vrf: IfName): string => `net/ipv4/conf/${vrf}/forwarding`;

/**
 * Without it a proxied address is answered for only when a neighbour asks by multicast, not when it asks again whether the address
 * is still there: ip6_forward looks at no setting of the device. By itself it answers for nothing.
 */
export const PROXY_NDP = "net/ipv6/conf/all/proxy_ndp";
