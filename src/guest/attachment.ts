import type { AttachmentKind } from "./kinds/attachment-kind.ts";
import { access, type AccessAttachment, trunk, type TrunkAttachment } from "./kinds/bridge-port.ts";
import type { BridgePort, PortPolicy } from "./port-policy.ts";
import type { HostdevAttachment, TapAttachment } from "./libvirt-attachment.ts";
import { OWN, type Sharing } from "./sharing.ts";
import type { Prefix } from "../values/address.ts";
import { routed, type RoutedAttachment } from "./kinds/routed.ts";

/** An attachment that the hook manages. A new kind is a file of kinds/, and a line in each of these lists. */
export type Attachment = AccessAttachment | TrunkAttachment | RoutedAttachment;

/** A port of a VLAN-aware bridge. */
export type BridgeAttachment = Extract<Attachment, { readonly policy: PortPolicy }>;

const KINDS = { access, trunk, routed } satisfies {
  readonly [K in Attachment["kind"]]: AttachmentKind<Extract<Attachment, { readonly kind: K }>>;
};

/** Returns what an attachment's kind is. */
export const attachmentKind = ({ kind }: Attachment): AttachmentKind<Attachment> => KINDS[kind];

/** Any attachment of a profile. */
type AnyAttachment = Attachment | TapAttachment | HostdevAttachment;

/** Returns whether the hook has to do with it. */
export const isHooked = (attachment: AnyAttachment): attachment is Attachment =>
  Object.hasOwn(KINDS, attachment.kind);

/** Returns the port of a VLAN-aware bridge that an attachment is; null for any other. */
export const portOf = (attachment: AnyAttachment): BridgePort | null =>
  isHooked(attachment) ? attachmentKind(attachment).port(attachment) : null;

/** Returns which other guests may have the addresses of a NIC, where its profile names no guests. */
export const sharingOf = (attachment: AnyAttachment): Sharing =>
  isHooked(attachment) ? attachmentKind(attachment).sharing(attachment) : OWN;

/** Returns the networks that are routed to a NIC. */
export const prefixesOf = (attachment: AnyAttachment): readonly Prefix[] =>
  isHooked(attachment)
    ? attachmentKind(attachment)
        .networks(attachment)
        .flatMap(({ address, prefix }) => (address === null ? [prefix] : []))
    : [];
