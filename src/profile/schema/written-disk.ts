import * as v from "valibot";
import { DISK_BUSES, DISK_CACHES, DISK_FORMATS } from "../../guest/disk.ts";
import { choice, count, flag, object, optional } from "../../text/leaf.ts";
import { say } from "../../text/say.ts";
import { diskSerial, diskTarget, path, storageName } from "./text-leaves.ts";

/** What a disk and a CD-ROM drive have in common. */
const drive = {
  source: optional(
    path,
    "Absolute path of a file, or of a block device below /dev. Default: none; then pool and volume must be there.",
  ),
  pool: optional(storageName, "A storage pool of libvirt's, together with volume. Default: none."),
  volume: optional(storageName, "Volume in the pool. Default: none."),
  target: optional(
    diskTarget,
    "libvirt's name for it: vd… on virtio, else sd…. Default: the next free one, vda, vdb … or sda, sdb ….",
  ),
  serial: optional(
    diskSerial,
    "What the guest sees as serial number; a virtio disk shows 20 letters of it. Default: none.",
  ),
  bootOrder: optional(
    count(1, 1000),
    "Place among the devices that the firmware tries, 1 first. Default: none, and the first disk boots, behind it a CD-ROM.",
  ),
};

/** One disk. */
export const writtenDisk = object({
  ...drive,
  device: optional(
    choice(["disk", "cdrom"]),
    "A cdrom is always read-only, and may be empty. Default: disk.",
  ),
  bus: optional(
    choice(DISK_BUSES),
    "How the guest sees it. Default: virtio; scsi where target begins with sd, sata for a cdrom.",
  ),
  format: optional(
    choice(DISK_FORMATS),
    "The image's format. Default: from the ending of the name, .qcow2, .vmdk … (.vhd is vpc), else raw.",
  ),
  cache: optional(
    choice(DISK_CACHES),
    "The host's page cache. none goes past it, which is safe to migrate and needs O_DIRECT. Default: none.",
  ),
  discard: optional(
    flag,
    "What the guest discards is freed in the image, and zeroes are not stored. Default: true.",
  ),
  readonly: optional(flag, "The guest can only read it; not on sata. Default: false."),
  shareable: optional(flag, "Several guests may have it at once; format raw only. Default: false."),
});
export type WrittenDisk = v.InferOutput<typeof writtenDisk>;

export const driveObject = object({
  ...drive,
  bus: optional(choice(DISK_BUSES), "sata or scsi. Default: sata."),
});
/** A CD-ROM drive: the path of an image, or an object, without source for an empty drive. */
export const writtenCdrom = v.union(
  [path, driveObject],
  say("path", 'must be an absolute path such as "/srv/iso/debian.iso", or an object'),
);
export type WrittenCdrom = v.InferOutput<typeof writtenCdrom>;
