import { createHash } from "node:crypto";
import { withoutMarks } from "../../values/hostname.ts";
import type { Mac } from "../../values/mac.ts";
import { type GuestName, parseTapName, type TapName, type Uuid } from "../../values/names.ts";

// Every absent value of a profile is derived from the guest's name: the same input gives the same bytes.

/** Returns the UUID of a text in a namespace (RFC 9562, section 5.5). */
const nameUuid = (namespace: Uuid, text: string): Uuid => {
  const hash = createHash("sha1").update(namespace.replaceAll("-", ""), "hex").update(text).digest("hex");
  const variant = ((parseInt(hash.slice(16, 17), 16) & 3) | 8).toString(16);
  const parts = [hash.slice(0, 8), hash.slice(8, 12), `5${hash.slice(13, 16)}`];
  return [...parts, `${variant}${hash.slice(17, 20)}`, hash.slice(20, 32)].join("-") as Uuid;
};

// In the namespace of URLs (RFC 9562, section 6.6).
const NAMESPACE = nameUuid("6ba7b811-9dad-11d1-80b4-00c04fd430c8" as Uuid, "urn:guestnet:1");

const digest = (text: string): string => createHash("sha256").update(text).digest("hex");

// 36^6 marks: two guests out of a thousand share one once in 4000 installations.
const mark = (text: string): string =>
  parseInt(digest(text).slice(0, 12), 16).toString(36).padStart(6, "0").slice(-6);

/** The UUID of a guest that names none (RFC 9562, version 5). */
export const deriveUuid = (name: GuestName): Uuid => nameUuid(NAMESPACE, name);

/** Returns the ID of NIC number `index` in Open vSwitch. libvirt would create another one at every define. */
export const deriveInterfaceId = (name: GuestName, index: number): Uuid =>
  nameUuid(NAMESPACE, `${name}/${String(index)}`);

/** The UUID of a libvirt network: without it, a network that is defined again is another one to libvirt. */
export const deriveNetworkUuid = (name: string): Uuid => nameUuid(NAMESPACE, `network/${name}`);

/** The MAC address of a NIC that names none: QEMU's prefix and 24 bits of a hash. */
export const deriveMac = (name: GuestName, index: number): Mac => {
  const hash = digest(`${name}/${String(index)}`);
  return `52:54:00:${hash.slice(0, 2)}:${hash.slice(2, 4)}:${hash.slice(4, 6)}` as Mac;
};

/**
 * The tap of NIC number `index`: `dns1-0`, so that `ip route` reads like an inventory. A name that is too long, or that
 * would have to be bent to fit, keeps its beginning and gets six letters and digits of a hash, so that two of them differ.
 */
export const deriveTap = (name: GuestName, index: number): TapName => {
  const plain = `${name}-${String(index)}`;
  const tap = parseTapName(plain);
  if (tap !== null) return tap;
  const suffix = `-${mark(name)}-${String(index)}`;
  const start = withoutMarks(name)
    .toLowerCase()
    .replaceAll(/[^a-z0-9._-]+|[._]/g, "-")
    .replace(/^-+/, "")
    .replace(/^(vnet|macv|$)/, "g$1");
  return `${start.slice(0, 15 - suffix.length)}${suffix}` as TapName;
};
