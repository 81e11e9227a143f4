import * as v from "valibot";
import { DISK_BUSES, DISK_CACHES, DISK_FORMATS } from "../../guest/disk.ts";
import { choice, count, flag, object, optional, expects, match, required } from "../../text/schema.ts";
import { diskSerial, diskTarget, path, storageName } from "./strings.ts";
import { pciAddress } from "./network.ts";

/** Keys of both disks and CD-ROM drives. */
const drive = {
  source: optional(
    path,
    "Absolute path of a file, or of a block device below /dev. Default: none; then pool and volume are required.",
  ),
  pool: optional(storageName, "libvirt storage pool; requires volume. Default: none."),
  volume: optional(storageName, "Volume in the pool; requires pool. Default: none."),
  target: optional(
    diskTarget,
    "libvirt target name: vd… on virtio, sd… on other buses. Default: the next free name.",
  ),
  serial: optional(
    diskSerial,
    "Serial number that the guest reads; a virtio disk shows 20 characters of it. Default: none.",
  ),
  bootOrder: optional(
    count(1, 1000),
    "Position in the firmware's boot order, starting at 1. Default: the first disk, then a CD-ROM drive.",
  ),
};

/** One disk. */
export const writtenDisk = object({
  ...drive,
  device: optional(
    choice(["disk", "cdrom"]),
    "Kind of device. A cdrom is always read-only and may be empty.", "disk",
  ),
  bus: optional(
    choice(DISK_BUSES),
    "Bus of the disk. Default: virtio; scsi if target begins with sd; sata for a cdrom, and for Windows and other.",
  ),
  format: optional(
    choice(DISK_FORMATS),
    "Image format. Default: derived from the file name extension (.vhd is vpc); raw without a known one.",
  ),
  cache: optional(
    choice(DISK_CACHES),
    "Use of the host's page cache. none bypasses it, is safe for migration and requires O_DIRECT.", "none",
  ),
  discard: optional(
    flag,
    "Whether discarded blocks are freed in the image and zeroes are not stored.", true,
  ),
  readonly: optional(flag, "Whether the disk is read-only. Not supported on sata.", false),
  shareable: optional(flag, "Whether several guests may use the disk at the same time. Requires format raw.", false),
});
export type WrittenDisk = v.InferOutput<typeof writtenDisk>;

export const driveObject = object({
  ...drive,
  bus: optional(choice(DISK_BUSES), "Bus of the drive: sata or scsi. Default: sata; scsi for aarch64."),
});
/** A CD-ROM drive: the path of an image, or an object, without source for an empty drive. */
export const writtenCdrom = v.union(
  [path, driveObject],
  expects("path", 'must be an absolute path such as "/srv/iso/debian.iso", or an object'),
);
export type WrittenCdrom = v.InferOutput<typeof writtenCdrom>;

// As lsusb prints them.
const usbId = match(
  /^([0-9A-Fa-f]{4}:[0-9A-Fa-f]{4}|(?!000)[0-9]{3}:(?!000)[0-9]{3})$/,
  expects("usb-id", (input) => {
    const rule =
      'must be the vendor and product ID of a USB device, such as "046d:c52b", or its bus and device number, such as "001:005" (see lsusb)';
    return typeof input === "string" && /^[0-9]+-[0-9]+(\.[0-9]+)*$/.test(input)
      ? `${rule}; libvirt has no address for a port`
      : rule;
  }),
);

const enabled = optional(
  flag,
  "Whether the guest gets the device. false keeps the entry without using it.", true,
);

const pci = object({
  type: required(v.literal("pci"), "A PCI function. The host requires an IOMMU."),
  source: required(pciAddress, "PCI address of the function, as lspci -D prints it: 0000:07:10.0."),
  managed: optional(
    flag,
    "Whether libvirt detaches the device from its host driver at start and reattaches it afterwards.", true,
  ),
  enabled,
});

const usb = object({
  type: required(v.literal("usb"), "A USB device."),
  source: required(
    usbId,
    "Vendor and product ID, as lsusb prints them: 046d:c52b. Of several alike: bus and device number, 001:005, which change when it is plugged in again. libvirt has no address for a port.",
  ),
  enabled,
});

/** A device of the host that the guest drives itself, distinguished by its `type`. */
export const writtenHostDevice = v.variant("type", [pci, usb], expects("wrong-choice", 'must be "pci" or "usb"'));
export type WrittenHostDevice = v.InferOutput<typeof writtenHostDevice>;
