import type { Brand } from "./brand.ts";
import type { Mac } from "./mac.ts";

/** A network interface's name as the kernel takes it: 1–15 bytes, no `/`, no white space (`dev_valid_name`). */
export type IfName = Brand<string, "IfName">;
/** A tap name: `[a-z0-9-]{1,15}`, except names that libvirt replaces. */
export type TapName = IfName & Brand<string, "TapName">;
/** A domain name that survives file names, shells and DNS: `[A-Za-z0-9][A-Za-z0-9._-]{0,62}`. */
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
export const TAP_NAME = /^[a-z0-9][a-z0-9-]{0,14}$/;
// libvirt drops these at parse and invents another (virDomainNetDefParseXML), so routes would go to the wrong device.
export const LIBVIRTS_OWN = /^(vnet|macvtap|macvlan)/;
export const GUEST_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** @returns the text as an interface name, or null. Beyond the kernel's rules, what `ip -batch` reads as more than a letter is refused: quotes, `\`, and `#`, a comment. */
export const parseIfName = (text: string): IfName | null =>
  IF_NAME.test(text) && !hasControl(text) && byteLength(text) <= 15 ? (text as IfName) : null;

/** @returns the text as a name that genxml may give a tap, or null */
export const parseTapName = (text: string): TapName | null =>
  TAP_NAME.test(text) && !LIBVIRTS_OWN.test(text) ? (text as TapName) : null;

/** @returns the text as a guest's name, or null */
export const parseGuestName = (text: string): GuestName | null =>
  GUEST_NAME.test(text) ? (text as GuestName) : null;

/** @returns the canonical UUID, or null */
export const parseUuid = (text: string): Uuid | null => {
  const uuid = text.toLowerCase();
  return UUID.test(uuid) ? (uuid as Uuid) : null;
};

/** The name of the device by which an arriving NIC is announced in its VLANs: `an_525400123456`. */
export const announcerName = (mac: Mac): IfName => `an_${mac.replaceAll(":", "")}` as IfName;

/** The name under which the tap of a NIC is made: `mk_525400123456`. genxml gives no tap one with a `_`. */
export const draftName = (mac: Mac): IfName => `mk_${mac.replaceAll(":", "")}` as IfName;
