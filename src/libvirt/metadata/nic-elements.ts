import { type Attachment, isHooked } from "../../guest/attachment.ts";
import type { ProfileNic } from "../../guest/profile.ts";
import type { LibvirtVersion } from "../../values/libvirt-version.ts";
import { refused, type Result } from "../../values/result.ts";
import type { XmlElement } from "../../xml/tree.ts";
import { nativeVlans } from "../network/vlan.ts";
import type { Interface, ReadNicElement, SettingKey, WrittenKind } from "./nic-element.ts";
import { readNative, readOwn, writtenPort } from "./port.ts";
import { readRoutedNic, writtenRouted } from "./routed.ts";

// A new kind of attachment is a file next to this one, and a line in each of these lists. The hook's bundle has only the first.

/** Elements of the guestnet `<guest>`, by name. */
export const NIC_ELEMENTS: Readonly<Record<string, ReadNicElement>> = {
  access: readOwn,
  trunk: readOwn,
  port: readNative,
  routed: readRoutedNic,
};

const WRITTEN = { access: writtenPort, trunk: writtenPort, routed: writtenRouted } satisfies {
  readonly [K in Attachment["kind"]]: WrittenKind<Extract<Attachment, { readonly kind: K }>>;
};

/** Returns how an attachment's kind is written. */
export const writtenKind = ({ kind }: Attachment): WrittenKind<Attachment> =>
  // Each kind of attachment finds its own.
  WRITTEN[kind] as WrittenKind<Attachment>;

/** Returns what `guestnet set` may change of the NIC that an element describes: a `<port>` is an access port or a trunk. */
export const settingsOf = ({ name }: XmlElement): readonly SettingKey[] => {
  const kinds: Readonly<Record<string, Pick<WrittenKind<never>, "settings">>> = {
    ...WRITTEN,
    port: writtenPort,
  };
  return kinds[name]?.settings ?? [];
};

/** Returns all that `guestnet set` may change, of any kind of NIC. */
export const allSettings = (): readonly SettingKey[] => [
  ...new Set(Object.values(WRITTEN).flatMap(({ settings }) => settings)),
];

/** Returns the metadata of one NIC for the hook; null for one that the hook does not manage. */
export const nicMetadata = (nic: ProfileNic, libvirt: LibvirtVersion): XmlElement | null => {
  const { mac, attachment } = nic;
  return isHooked(attachment)
    ? writtenKind(attachment).metadata(mac, attachment, nativeVlans(nic, libvirt) !== null)
    : null;
};

/** Returns the metadata of one NIC, together with its `<interface>`. An unknown element, of a newer genxml, is an error. */
export const readAttachment = (element: XmlElement, on: Interface): Result<Attachment, string> => {
  const known = Object.hasOwn(NIC_ELEMENTS, element.name) ? NIC_ELEMENTS[element.name] : undefined;
  if (known !== undefined) return known.read(element, on);
  const names = Object.keys(NIC_ELEMENTS).map((name) => `<${name}>`);
  const all = `${names.slice(0, -1).join(", ")} and ${names.at(-1) ?? ""}`;
  return refused(`this hook supports ${all}, not <${element.name}>: update it with "guestnet install"`);
};

/**
 * A pattern of the shell's `case` for XML that has an element made at this operation. Which prefix the namespace has is for libvirt and
 * the administrator to say.
 */
export const shellPattern = (operation: ReadNicElement["madeAt"]): string =>
  Object.entries(NIC_ELEMENTS)
    .filter(([, { madeAt }]) => madeAt === operation)
    .flatMap(([name]) => [`*:${name}[[:space:]]*`, `*'<${name}'[[:space:]]*`])
    .join(" | ");
