import type { FileIssue } from "../values/issue.ts";
import { isPassed } from "../guest/profile.ts";
import { errorAt, type FleetGuest, type Place, type Rule, sayDerived, sayPlace } from "./guest.ts";
import { groupBy, withOther } from "./groups.ts";

interface Identity extends Place {
  readonly value: string;
}

const isDerived = ({ guest, path }: Place): boolean => !guest.document.locate(path).written;

// Two guests of one name derive the same UUID, MAC addresses and taps: that is one mistake, told once, at the name.
const clash = (one: Place, other: Place): boolean =>
  one.guest !== other.guest &&
  !(one.guest.profile.name === other.guest.profile.name && isDerived(one) && isDerived(other));

const sameValue =
  (what: string, key: string, of: (guest: FleetGuest) => readonly Identity[]): Rule =>
  (guests) =>
    [...groupBy(guests.flatMap(of), ({ value }) => value).values()].flatMap((group): readonly FileIssue[] =>
      withOther(group, clash).map(([one, other]) => {
        const change = isDerived(one) ? `set a different "${key}" in one of them` : "use another";
        return errorAt(
          one,
          "duplicate",
          `${what} ${one.value}${sayDerived(one)} is also used by ${sayPlace(other)}${sayDerived(other)}: ${change}`,
        );
      }),
    );

const ofNics =
  (key: "mac" | "tap") =>
  (guest: FleetGuest): readonly Identity[] =>
    guest.profile.interfaces.flatMap((nic, index): readonly Identity[] => {
      const path = ["interfaces", index, key];
      if (key === "mac") return [{ guest, path, value: nic.mac }];
      return isPassed(nic) ? [] : [{ guest, path, value: nic.tap }];
    });

/** The libvirt of a host has each name and UUID once, a network each MAC address, a host each tap. */
export const identityRules: readonly Rule[] = [
  sameValue("the name", "name", (guest) => [{ guest, path: ["name"], value: guest.profile.name }]),
  sameValue("the UUID", "uuid", (guest) => [{ guest, path: ["uuid"], value: guest.profile.uuid }]),
  sameValue("the MAC address", "mac", ofNics("mac")),
  sameValue("the tap name", "tap", ofNics("tap")),
];
