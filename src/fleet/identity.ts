import type { FileIssue } from "../values/issue.ts";
import { isPassed, moreMacsOf } from "../guest/profile.ts";
import { isVirtualRouter } from "../values/mac.ts";
import {
  errorAt,
  type FleetGuest,
  isInherited,
  type ProfilePlace,
  type FleetRule,
  derivedText,
  profilePlaceText,
  TEMPLATE,
} from "./guest.ts";
import { groupBy } from "../values/group-by.ts";
import { conflictingPairs } from "./conflicting-pairs.ts";

interface Identity extends ProfilePlace {
  readonly value: string;
}

const isDerived = (place: ProfilePlace): boolean =>
  !isInherited(place) && !place.guest.document.locate(place.path).written;

// Two guests of one name derive the same UUID, MAC addresses and taps: that is one error, reported once, at the name.
const clash = (one: ProfilePlace, other: ProfilePlace): boolean =>
  one.guest !== other.guest &&
  !(one.guest.profile.name === other.guest.profile.name && isDerived(one) && isDerived(other));

/** Returns the fix for a shared value. */
const remedy = (place: ProfilePlace, key: string): string => {
  if (isInherited(place)) return "remove it from the template";
  return isDerived(place) ? `set a different "${key}" in one of them` : "use another";
};

const sameValue =
  (what: string, key: string, of: (guest: FleetGuest) => readonly Identity[]): FleetRule =>
  (guests) =>
    [...groupBy(guests.flatMap(of), ({ value }) => value).values()].flatMap((group): readonly FileIssue[] =>
      conflictingPairs(group, clash).map(([one, other]) =>
        errorAt(
          one,
          "duplicate",
          `${what} ${one.value}${derivedText(one)} is also used by ${profilePlaceText(other)}${derivedText(other)}: ${remedy(one, key)}`,
        ),
      ),
    );

const inherited = (guest: FleetGuest, values: readonly string[]): readonly Identity[] =>
  values.map((value) => ({ guest, path: TEMPLATE, value }));

const macs = (guest: FleetGuest): readonly Identity[] => [
  ...guest.profile.interfaces.flatMap((nic, index) => [
    { guest, path: ["interfaces", index, "mac"], value: nic.mac },
    ...moreMacsOf(nic).flatMap((mac, at) =>
      isVirtualRouter(mac) ? [] : [{ guest, path: ["interfaces", index, "macs", at], value: mac }],
    ),
  ]),
  ...inherited(guest, guest.inherited.macs),
];

const taps = (guest: FleetGuest): readonly Identity[] => [
  ...guest.profile.interfaces.flatMap((nic, index): readonly Identity[] =>
    isPassed(nic) ? [] : [{ guest, path: ["interfaces", index, "tap"], value: nic.tap }],
  ),
  ...inherited(guest, guest.inherited.taps),
];

/** The libvirt of a host has each name and UUID once, a network each MAC address, a host each tap. */
export const identityRules: readonly FleetRule[] = [
  sameValue("the name", "name", (guest) => [{ guest, path: ["name"], value: guest.profile.name }]),
  sameValue("the UUID", "uuid", (guest) => [{ guest, path: ["uuid"], value: guest.profile.uuid }]),
  sameValue("the MAC address", "mac", macs),
  sameValue("the tap name", "tap", taps),
  sameValue("the file of UEFI variables", "template", (guest) => inherited(guest, guest.inherited.nvrams)),
];
