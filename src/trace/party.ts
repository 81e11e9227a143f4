import { macsOf, type Nic } from "../guest/nic.ts";
import type { Address } from "../values/address.ts";
import type { Mac } from "../values/mac.ts";
import type { Vid } from "../values/vid.ts";
import type { FdbEntry } from "./observed/entries.ts";
import type { ObservedHost } from "./observed/observed-host.ts";

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
  readonly observed: ObservedHost;
}

/**
 * Returns the MAC addresses that a guest's packet may have: that of its NIC, and with an address that moves between guests those of a
 * virtual router, too (RFC 9568, 7.3).
 */
export const sendersOf = ({ nic, shared }: Pick<GuestParty, "nic" | "shared">): readonly Mac[] =>
  shared ? macsOf(nic) : [nic.mac];

/** Returns the forwarding entry of the guest's packets: on its own tap, if one of its MAC addresses has such an entry there. */
export const ownEntry = (
  guest: GuestParty,
  vid: Vid,
): { readonly mac: Mac; readonly entry: FdbEntry | undefined } => {
  const all = sendersOf(guest).map((mac) => ({
    mac,
    entry: guest.observed.fdb.find((one) => one.mac === mac && one.vid === vid),
  }));
  const here = all.find(({ entry }) => entry?.dev === guest.nic.tap);
  return here ?? all[0] ?? { mac: guest.nic.mac, entry: undefined };
};

/** An end of the way. */
export type Party =
  | GuestParty
  /** The guest's host itself. */
  | { readonly kind: "host"; readonly address: Address }
  | { readonly kind: "outside"; readonly address: Address };
