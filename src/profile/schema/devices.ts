import * as v from "valibot";
import { DISK_BUSES, DISK_CACHES, DISK_FORMATS } from "../../guest/disk.ts";
import { choice, count, flag, object, optional, expects, match, required } from "../../text/schema.ts";
import { diskSerial, diskTarget, path, storageName } from "./strings.ts";
import { pciAddress } from "./network.ts";

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
    "A cdrom is always read-only, and may be empty.", "disk",
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
    "The host's page cache. none goes past it, which is safe to migrate and needs O_DIRECT.", "none",
  ),
  discard: optional(
    flag,
    "What the guest discards is freed in the image, and zeroes are not stored.", true,
  ),
  readonly: optional(flag, "The guest can only read it; not on sata.", false),
  shareable: optional(flag, "Several guests may have it at once; format raw only.", false),
});
export type WrittenDisk = v.InferOutput<typeof writtenDisk>;

export const driveObject = object({
  ...drive,
  bus: optional(choice(DISK_BUSES), "sata or scsi.", "sata"),
});
/** A CD-ROM drive: the path of an image, or an object, without source for an empty drive. */
export const writtenCdrom = v.union(
  [path, driveObject],
  expects("path", 'must be an absolute path such as "/srv/iso/debian.iso", or an object'),
);
export type WrittenCdrom = v.InferOutput<typeof writtenCdrom>;

// As lsusb prints it.
const usbId = match(
  /^[0-9A-Fa-f]{4}:[0-9A-Fa-f]{4}$/,
  expects("usb-id", 'must be vendor and product of a USB device, such as "046d:c52b" (lsusb shows it)'),
);

const enabled = optional(
  flag,
  "false: it is written down here, and the guest does not get it.", true,
);

const pci = object({
  type: required(v.literal("pci"), "A PCI function; the host needs an IOMMU."),
  source: required(pciAddress, "Address of the function, as lspci -D prints it: 0000:07:10.0."),
  managed: optional(
    flag,
    "libvirt takes it from the host's driver when the guest starts, and gives it back.", true,
  ),
  enabled,
});

const usb = object({
  type: required(v.literal("usb"), "A USB device."),
  source: required(usbId, "Vendor and product, as lsusb prints them: 046d:c52b."),
  enabled,
});

/** A device of the host that the guest drives itself, told apart by its `type`. */
export const writtenHostDevice = v.variant("type", [pci, usb], expects("wrong-choice", 'must be "pci" or "usb"'));
export type WrittenHostDevice = v.InferOutput<typeof writtenHostDevice>;
