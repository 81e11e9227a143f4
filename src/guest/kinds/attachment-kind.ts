import type { Address, Prefix } from "../../values/address.ts";
import type { IfName } from "../../values/names.ts";
import type { Vid } from "../../values/vid.ts";
import type { Sharing } from "../sharing.ts";
import type { Placement } from "../placement.ts";

/** An address or prefix that the host knows a guest has. */
export interface KnownNetwork {
  readonly what: Address | Prefix;
  readonly prefix: Prefix;
  /** The scope of the address: two that differ never share a neighbour table. */
  readonly segment: string;
  readonly sharing: Sharing;
}

/** Properties of a kind of attachment, for all code that shows or compares guests. */
export interface AttachmentKind<A> {
  /** Returns the bridge that it is on, and its VLANs there; null without a bridge. */
  port(attachment: A): { readonly bridge: IfName; readonly vids: readonly Vid[] } | null;
  /** Returns the addresses and networks that the host knows it has: of a bridge NIC, those that it is held to. */
  networks(attachment: A): readonly KnownNetwork[];
  /** Returns the scope of addresses in a tagged VLAN or, for null, of untagged frames. */
  segment(attachment: A, vid: Vid | null): string;
  /** Returns how it is attached: `access br0`, `routed`. */
  describe(attachment: A): string;
  /** Returns its VLANs or addresses: `20`, `30,100-199 native 10`, `192.0.2.53 2001:db8:53::/64`. */
  place(attachment: A): string;
  /** Returns its place in a diagram, and the text of its card. */
  placement(attachment: A): Placement;
  /** Returns it for programs (`guestnet status --json`), without its kind. The shape is promised in docs/guestnet.md. */
  json(attachment: A): object;
}
