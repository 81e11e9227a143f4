import type { AttachmentKind } from "./kinds/attachment-kind.ts";
import { access, type AccessAttachment, trunk, type TrunkAttachment } from "./kinds/bridge-port.ts";
import type { HostdevAttachment, TapAttachment } from "./libvirt-attachment.ts";
import { routed, type RoutedAttachment } from "./kinds/routed.ts";

export type BridgeAttachment = AccessAttachment | TrunkAttachment;

/** An attachment that the hook manages. A new kind is a file of kinds/, and a line in each of these lists. */
export type Attachment = BridgeAttachment | RoutedAttachment;

const KINDS = { access, trunk, routed } satisfies {
  readonly [K in Attachment["kind"]]: AttachmentKind<Extract<Attachment, { readonly kind: K }>>;
};

/** Returns what an attachment's kind is. */
export const attachmentKind = ({ kind }: Attachment): AttachmentKind<Attachment> => KINDS[kind];

/** Returns whether the hook has to do with it. */
export const isHooked = (
  attachment: Attachment | TapAttachment | HostdevAttachment,
): attachment is Attachment => Object.hasOwn(KINDS, attachment.kind);
