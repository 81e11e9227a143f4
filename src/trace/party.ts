import type { Nic } from "../guest/nic.ts";
import type { Address } from "../values/address.ts";
import type { Vid } from "../values/vid.ts";
import type { Sight } from "./sight/sight.ts";

/** A guest at one end of the way, with the NIC that the packet passes, and its host. */
export interface GuestParty {
  readonly kind: "guest";
  readonly name: string;
  readonly nic: Nic;
  /** Its address, if the host knows one of this family. */
  readonly address: Address | null;
  /** Whether other guests may have the address, too: it moves between them, or is anycast. */
  readonly shared: boolean;
  /** The tag of its frames; null where they are untagged. */
  readonly tag: Vid | null;
  readonly paused: boolean;
  /** Whether libvirt has its link up (`virsh domif-setlink`). */
  readonly plugged: boolean;
  readonly host: string;
  readonly sight: Sight;
}

/** An end of the way. */
export type Party =
  | GuestParty
  /** The guest's host itself. */
  | { readonly kind: "host"; readonly address: Address }
  | { readonly kind: "outside"; readonly address: Address };
