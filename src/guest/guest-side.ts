import type { Address } from "../values/address.ts";
import type { InterfaceAddress } from "../values/address-range.ts";
import type { NonEmpty } from "../values/brand.ts";
import type { GuestName } from "../values/names.ts";
import type { Vid } from "../values/vid.ts";

/** How a guest gets its addresses in one network. */
export type Addressing =
  /** The profile sets nothing: DHCP, as most systems do by default. */
  | { readonly kind: "unsaid" }
  | { readonly kind: "none" | "dhcp" | "slaac" }
  | {
      readonly kind: "static";
      readonly addresses: NonEmpty<InterfaceAddress>;
      /** Next hops of default routes, at most one for each family. Not on link for a /32 or /128: "on-link" routes. */
      readonly gateways: readonly Address[];
    };

/** An address that moves between guests: VRRP, keepalived, kube-vip. */
export interface SharedAddress {
  readonly address: Address;
  /** The guests that may have it; each of them must name the others. */
  readonly guests: NonEmpty<GuestName>;
}

/** What the guest has in one network. */
export interface GuestNetwork {
  readonly addressing: Addressing;
  readonly shared: readonly SharedAddress[];
}

/** A network in a tagged VLAN, for which the guest has a VLAN device. */
export interface TaggedNetwork extends GuestNetwork {
  readonly vid: Vid;
  /** The VLAN as the profile writes it: a number, or a name from host.json. */
  readonly written: string;
}

/** What the guest itself configures on a NIC. Of all this the hook reads only the addresses that a port is held to. */
export interface GuestSide {
  readonly untagged: GuestNetwork;
  readonly tagged: readonly TaggedNetwork[];
}

/** Returns the addresses that a profile sets. */
export const staticAddresses = ({ addressing }: GuestNetwork): readonly InterfaceAddress[] =>
  addressing.kind === "static" ? addressing.addresses : [];
