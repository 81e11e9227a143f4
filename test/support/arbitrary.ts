import fc, { type Arbitrary } from "fast-check";
import { type Mac, parseMac } from "../../src/values/mac.ts";
import { type GuestName, parseGuestName } from "../../src/values/names.ts";
import { MAX_VID, MIN_VID, toVid, type VidSet, vidSet } from "../../src/values/vid.ts";

/** A VLAN ID as people write it, often from a small pool, so that runs, repetitions and overlaps happen. */
export const vidNumbers = fc.oneof(
  fc.integer({ min: MIN_VID, max: MAX_VID }),
  fc.integer({ min: 1, max: 12 }),
  fc.constantFrom(MIN_VID, MAX_VID, MAX_VID - 1),
);

/** Sets of VLAN IDs with neighbours among them. */
export const vids = (constraints: { readonly minLength?: number } = {}): Arbitrary<VidSet> =>
  fc
    .array(vidNumbers, { maxLength: 40, ...constraints })
    .map((all) => vidSet(all.flatMap((n) => toVid(n) ?? [])));

const byte = fc.integer({ min: 0, max: 255 });

/** Unicast MAC addresses. */
export const macs: Arbitrary<Mac> = fc
  .tuple(
    byte.map((first) => first & 0xfe),
    byte,
    byte,
    byte,
    byte,
    byte.map((last) => last | 1),
  )
  .map((bytes) => bytes.map((b) => b.toString(16).padStart(2, "0")).join(":"))
  .map((text) => parseMac(text) ?? ("" as Mac));

export const ipv4s = fc.ipV4();
export const ipv6s = fc.ipV6();

/** Names that a guest can have: short and long, with what libvirt or the kernel would stumble over. */
export const guestNames: Arbitrary<GuestName> = fc
  .oneof(
    fc
      .tuple(
        fc.constantFrom("", "vnet", "macvtap", "macvlan", "VNET", "a", "0", "DB_", "ns1."),
        fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,40}$/),
      )
      .map((parts) => parts.join("")),
    fc.stringMatching(/^[A-Za-z"'&<>%$(ü日🐧][ A-Za-z"'&<>%$()ü日🐧.-]{0,20}$/u),
  )
  .filter((text) => parseGuestName(text) !== null)
  .map((text) => text as GuestName);
