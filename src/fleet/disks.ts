import type { InheritedDisk } from "../guest/inherited.ts";
import { storageOf } from "../guest/storage.ts";
import {
  errorAt,
  type FleetGuest,
  isInherited,
  type ProfilePlace,
  type FleetRule,
  profilePlaceText,
  TEMPLATE,
} from "./guest.ts";
import { groupBy } from "../values/group-by.ts";
import { conflictingPairs } from "./conflicting-pairs.ts";

interface DiskClaim extends ProfilePlace, InheritedDisk {}

// QEMU's image locks let several guests read an image, or none but one write it (qemu-img(1), --force-share).
const clash = (one: DiskClaim, other: DiskClaim): boolean =>
  one.guest !== other.guest && !(one.readonly && other.readonly) && !(one.shareable && other.shareable);

const claimsOf = (guest: FleetGuest): readonly DiskClaim[] => [
  ...guest.profile.disks.flatMap(({ device, source, readonly, shareable }, index): readonly DiskClaim[] =>
    // A disc in a drive is only ever read.
    device === "cdrom"
      ? []
      : [{ guest, path: ["disks", index, "source"], storage: storageOf(source), readonly, shareable }],
  ),
  ...guest.inherited.disks.map((disk) => ({ guest, path: TEMPLATE, ...disk })),
];

const ADVICE = `use another, or set "readonly" or "shareable" in both`;

/** Two guests that write one disk destroy its file system. */
export const diskRule: FleetRule = (guests) =>
  [...groupBy(guests.flatMap(claimsOf), ({ storage }) => storage).values()].flatMap((group) =>
    conflictingPairs(group, clash).map(([one, other]) =>
      errorAt(
        one,
        "disk-claimed",
        `${one.storage}${isInherited(one) ? " of the template" : ""} is also a disk of ${profilePlaceText(other)}: ${
          isInherited(one) ? 'set a different source in "disks", with the same "target"' : ADVICE
        }`,
      ),
    ),
  );
