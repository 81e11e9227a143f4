import { posix } from "node:path";
import type { Disk } from "../guest/disk.ts";
import { never } from "../values/brand.ts";
import { errorAt, type FleetGuest, type Place, type Rule, sayPlace } from "./guest.ts";
import { groupBy, withOther } from "./groups.ts";

interface Claim extends Place {
  readonly disk: Disk;
}

/** What a disk is on the host, whichever way its path is written. */
const storageOf = ({ disk: { source } }: Claim): string => {
  switch (source.kind) {
    case "file":
    case "block":
      return posix.normalize(source.path);
    case "volume":
      return `volume ${source.volume} of pool ${source.pool}`;
    case "empty":
      return "";
    default:
      return never(source);
  }
};

// QEMU's image locks let several guests read an image, or none but one write it (qemu-img(1), --force-share).
const clash = (one: Claim, other: Claim): boolean =>
  one.guest !== other.guest &&
  !(one.disk.readonly && other.disk.readonly) &&
  !(one.disk.shareable && other.disk.shareable);

const claimsOf = (guest: FleetGuest): readonly Claim[] =>
  guest.profile.disks
    // A disc in a drive is only ever read.
    .filter(({ device }) => device === "disk")
    .map((disk, index) => ({ guest, disk, path: ["disks", index, "source"] }));

/** Two guests that write one disk destroy its file system. */
export const diskRule: Rule = (guests) =>
  [...groupBy(guests.flatMap(claimsOf), storageOf).values()].flatMap((group) =>
    withOther(group, clash).map(([one, other]) =>
      errorAt(
        one,
        "disk-claimed",
        `${storageOf(one)} is also a disk of ${sayPlace(other)}: use another, or set "readonly" or "shareable" in both`,
      ),
    ),
  );
