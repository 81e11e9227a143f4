import type { Address, Prefix } from "../../values/address.ts";
import type { Vid } from "../../values/vid.ts";
import type { Sharing } from "../sharing.ts";
import type { Placement } from "../placement.ts";
import type { BridgePort } from "../port-policy.ts";

/** An address or prefix that the host knows a guest has. */
export interface KnownNetwork {
  /** Null for a prefix. */
  readonly address: Address | null;
  /** An address is a network of one. */
  readonly prefix: Prefix;
  /** The tagged VLAN that it is in; null for untagged frames, and without a bridge. */
  readonly vid: Vid | null;
  /** The scope of the address: two that differ never share a neighbour table. */
  readonly segment: string;
  readonly sharing: Sharing;
}

/** Properties of a kind of attachment, for all code that shows or compares guests. */
export interface AttachmentKind<A> {
  /** Returns the port that it is; null without a bridge: then its addresses are in the host's routing tables. */
  port(attachment: A): BridgePort | null;
  /** Returns the addresses and networks that the host knows it has: of a bridge NIC, those that it is held to. */
  networks(attachment: A): readonly KnownNetwork[];
  /** Returns which other guests may have its addresses and prefixes, where the profile names no guests. */
  sharing(attachment: A): Sharing;
  /** Returns the addresses of the host that the guest has as next hops; none where the host is not its router. */
  gateways(attachment: A): readonly Address[];
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
