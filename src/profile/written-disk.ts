import * as v from "valibot";
import { DISK_BUSES, DISK_CACHES, DISK_FORMATS } from "../model/disk.ts";
import { choice, count, flag, object, optional } from "./leaf.ts";
import { say } from "./say.ts";
import { diskSerial, diskTarget, path, storageName } from "./text-leaves.ts";

/** What a disk and a CD-ROM drive have in common. */
const drive = {
  source: optional(path, "Absolute path of a file, or of a block device below /dev."),
  pool: optional(storageName, "libvirt storage pool, together with volume, instead of source."),
  volume: optional(storageName, "Volume in the pool."),
  target: optional(diskTarget, "libvirt's name for it. Default: the next free one, vda, vdb … or sda, sdb …"),
  bus: optional(
    choice(DISK_BUSES),
    "Default: virtio, scsi where the target begins with sd, sata for a CD-ROM drive.",
  ),
  serial: optional(diskSerial, "What the guest sees as serial number. Default: none."),
  bootOrder: optional(
    count(1, 1000),
    "Place in the boot order, 1 first. Default: none, and the first disk boots, behind it a CD-ROM.",
  ),
};

/** One disk. */
export const writtenDisk = object({
  ...drive,
  device: optional(choice(["disk", "cdrom"]), "Default: disk. A cdrom is always read-only."),
  format: optional(choice(DISK_FORMATS), "Default: from the file's ending, .qcow2, .vmdk …, else raw."),
  cache: optional(
    choice(DISK_CACHES),
    "Host page cache. Default: none, which needs O_DIRECT and is safe to migrate.",
  ),
  discard: optional(
    flag,
    "The guest's discards free space of the image, zeroes are not stored. Default: true.",
  ),
  readonly: optional(flag, "Default: false. Not on sata."),
  shareable: optional(flag, "Several guests may have it at once; raw only. Default: false."),
});
export type WrittenDisk = v.InferOutput<typeof writtenDisk>;

/** A CD-ROM drive: the path of an image, or an object, without source for an empty drive. */
export const writtenCdrom = v.union(
  [path, object(drive)],
  say("path", 'must be an absolute path such as "/srv/iso/debian.iso", or an object'),
);
export type WrittenCdrom = v.InferOutput<typeof writtenCdrom>;
