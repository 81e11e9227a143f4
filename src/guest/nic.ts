import type { Attachment, BridgeAttachment, RoutedAttachment } from "./attachment.ts";
import type { Mac } from "../values/mac.ts";
import type { IfName, Uuid } from "../values/names.ts";

/** What every NIC has, however it is attached. */
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
export type Nic = BridgeNic | RoutedNic;

export const isRouted = (nic: Nic): nic is RoutedNic => nic.attachment.kind === "routed";

/** What the hook reads from a domain's XML: the NICs that carry our metadata. Others are not ours. */
export interface LiveDomain {
  /** libvirt allows names that genxml would refuse; here it is only ever printed. */
  readonly name: string;
  readonly uuid: Uuid;
  readonly nics: readonly Nic[];
}
