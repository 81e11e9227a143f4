import type { Brand } from "./brand.ts";
import type { Mac } from "./mac.ts";

/** A network interface's name as the kernel takes it: 1–15 bytes, no `/`, no white space (`dev_valid_name`). */
export type IfName = Brand<string, "IfName">;
/** A tap name: `[a-z0-9-]{1,15}`, except names that libvirt replaces. */
export type TapName = IfName & Brand<string, "TapName">;
/**
 * A domain name: printable characters without `/`. libvirt refuses `/` (virDomainDefPostParseCommon, domain_postparse.c) and line
 * breaks (virXMLCheckIllegalChars, qemuDomainDefineXMLFlags). Other control characters, a dot or dash in front and blanks at
 * the ends are legal there and refused here: what prints, lists and completes names would hide them or take them for an option.
 */
export type GuestName = Brand<string, "GuestName">;
/** A UUID in lower case with dashes. */
export type Uuid = Brand<string, "Uuid">;

// Not \p{C} for control characters: compiling a Unicode class costs the hook a millisecond.
export const IF_NAME = /^(?!\.{1,2}$)[^\s/:#"'\\\x7f-\x9f]{1,15}$/;
/** Bytes in UTF-8. */
const byteLength = (text: string): number =>
  Array.from(text, (character) => character.codePointAt(0) ?? 0).reduce(
    (bytes, point) => bytes + (point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4),
    0,
  );
const hasControl = (text: string): boolean => Array.from(text).some((character) => character < " ");
// The loopback, and names that mean every device in /proc/sys (sysctl_dev_name_is_allowed).
export const TAP_NAME = /^(?!(?:lo|all|default)$)[a-z0-9][a-z0-9-]{0,14}$/;
// libvirt drops these at parse and invents another (virDomainNetDefParseXML), so routes would go to the wrong device.
export const LIBVIRTS_OWN = /^(vnet|macvtap|macvlan)/;
/** What no name has: control characters, marks that turn or hide text (bidirectional ones, zero width space), line separators. */
const HIDDEN = String.raw`\u0000-\u001f\u007f-\u009f\u200b\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff/`;
/** The rule of {@link GuestName} for editors: it has no length in bytes, and allows half a surrogate pair. */
export const GUEST_NAME = new RegExp(String.raw`^[^${HIDDEN}\s.-](?:[^${HIDDEN}]*[^${HIDDEN}\s])?$`);
/** `NAME.template.xml` of genxml and `NAME.xml.new` and `NAME-swtpm.log` of libvirt are file names, which have 255 bytes (NAME_MAX). */
const GUEST_NAME_BYTES = 240;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** @returns the text as an interface name, or null. Beyond the kernel's rules, what `ip -batch` reads as more than a letter is refused: quotes, `\`, and `#`, a comment. */
export const parseIfName = (text: string): IfName | null =>
  IF_NAME.test(text) && !hasControl(text) && byteLength(text) <= 15 ? (text as IfName) : null;

/** The rule of {@link parseDevice} for editors. */
export const DEVICE = /^(?!(?:\.{1,2}|all|default)$)[A-Za-z0-9_.-]{1,15}$/;
/** @returns the text as the name of a device that libvirt's schema takes (deviceName, basictypes.rng) and that is one device, or null */
export const parseDevice = (text: string): IfName | null => (DEVICE.test(text) ? parseIfName(text) : null);

/** @returns the text as a name that genxml may give a tap, or null */
export const parseTapName = (text: string): TapName | null =>
  TAP_NAME.test(text) && !LIBVIRTS_OWN.test(text) ? (text as TapName) : null;

/** XML and UTF-8 have no way to write half of a surrogate pair. */
const hasHalfPair = (text: string): boolean =>
  Array.from(text).some((character) => /^[\ud800-\udfff]$/.test(character));

/** @returns the text as a guest's name, or null */
export const parseGuestName = (text: string): GuestName | null =>
  GUEST_NAME.test(text) && byteLength(text) <= GUEST_NAME_BYTES && !hasHalfPair(text)
    ? (text as GuestName)
    : null;

/** A list of guests' names in an attribute: blanks separate them, and are written `%20` inside of a name. */
export const writeGuestNames = (names: readonly GuestName[]): string =>
  names.map((name) => name.replaceAll("%", "%25").replaceAll(" ", "%20")).join(" ");

/** Reads {@link writeGuestNames}. @returns null if a word is not a name */
export const readGuestNames = (text: string): readonly GuestName[] | null => {
  const words = text.split(" ").filter((word) => word !== "");
  const names = words.flatMap(
    (word) => parseGuestName(word.replaceAll("%20", " ").replaceAll("%25", "%")) ?? [],
  );
  return names.length === words.length ? names : null;
};

/** @returns the canonical UUID, or null */
export const parseUuid = (text: string): Uuid | null => {
  const uuid = text.toLowerCase();
  return UUID.test(uuid) ? (uuid as Uuid) : null;
};

/** The name of the device by which an arriving NIC is announced in its VLANs: `an_525400123456`. */
export const announcerName = (mac: Mac): IfName => `an_${mac.replaceAll(":", "")}` as IfName;

/** The name under which the tap of a NIC is made: `mk_525400123456`. genxml gives no tap one with a `_`. */
export const draftName = (mac: Mac): IfName => `mk_${mac.replaceAll(":", "")}` as IfName;
