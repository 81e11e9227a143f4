import type { Attachment, BridgeAttachment } from "./attachment.ts";
import type { RoutedAttachment } from "./kinds/routed.ts";
import type { Mac } from "../values/mac.ts";
import type { IfName, Uuid } from "../values/names.ts";
import type { UnmanagedNic } from "./unmanaged-nic.ts";

/** Properties of every NIC, independent of its attachment. */
export interface NicOf<A extends Attachment> {
  readonly mac: Mac;
  /** Its tap on the host. */
  readonly tap: IfName;
  /** Queue pairs; more than one makes the tap `multi_queue`. */
  readonly queues: number;
  readonly mtu: number | null;
  readonly attachment: A;
}

export type BridgeNic = NicOf<BridgeAttachment>;
export type RoutedNic = NicOf<RoutedAttachment>;
/** One NIC of a guest. */
export type Nic = NicOf<Attachment>;

export const isRouted = (nic: Nic): nic is RoutedNic => nic.attachment.kind === "routed";

export const isBridged = (nic: Nic): nic is BridgeNic => "policy" in nic.attachment;

/** Returns the MAC addresses that a guest may use on a NIC, the NIC's own first. */
export const macsOf = (nic: Nic): readonly Mac[] => [
  nic.mac,
  ...(isBridged(nic) ? nic.attachment.policy.macs : []),
];

/** A guest as read from a domain's XML, as far as the hook has to do with it. */
export interface LiveGuest {
  /** libvirt allows names that genxml rejects; it is only printed. */
  readonly name: string;
  readonly uuid: Uuid;
  /** The NICs that carry guestnet metadata. */
  readonly nics: readonly Nic[];
}

/** The same with all of its NICs. */
export interface LiveDomain extends LiveGuest {
  /** Those without metadata, which the hook never touches. */
  readonly unmanaged: readonly UnmanagedNic[];
}
