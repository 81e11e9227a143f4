import type { Family } from "./address.ts";
import type { IfName } from "./names.ts";

/** Something that the host must have before a NIC can work, and that we never change by ourselves. */
export type Demand = { readonly tap: IfName } & (
  | { readonly kind: "bridge"; readonly bridge: IfName }
  | { readonly kind: "vlan-filtering"; readonly bridge: IfName }
  | { readonly kind: "port-of"; readonly bridge: IfName }
  | { readonly kind: "lockable" }
  | { readonly kind: "own-tap"; readonly alias: string }
  | { readonly kind: "forwarding"; readonly family: Family }
);

/** The global switch without which the host forwards nothing of a family. */
export const FORWARDING: Readonly<Record<Family, string>> = {
  ipv4: "net/ipv4/ip_forward",
  ipv6: "net/ipv6/conf/all/forwarding",
};
