import { type Disk, DISK_FORMATS, type DiskBus, type DiskFormat, type DiskSource } from "../../guest/disk.ts";
import type { Architecture } from "../../guest/platform.ts";
import { guaranteed } from "../../text/schema.ts";
import type { WrittenCdrom, WrittenDisk, WrittenHostDevice } from "../schema/devices.ts";
import type { HostDevice } from "../../guest/hardware.ts";

type Drive = Exclude<WrittenCdrom, string>;

const toSource = (drive: Drive): DiskSource => {
  if (drive.pool !== undefined) {
    return { kind: "volume", pool: drive.pool, volume: guaranteed(drive.volume, "a volume") };
  }
  if (drive.source === undefined) return { kind: "empty" };
  return { kind: drive.source.startsWith("/dev/") ? "block" : "file", path: drive.source };
};

/** `.vhd` is what others call `vpc`. */
const formatOf = (drive: Drive): DiskFormat => {
  const ending = /\.([a-z0-9]+)$/.exec(drive.source ?? drive.volume ?? "")?.[1];
  return DISK_FORMATS.find((format) => format === (ending === "vhd" ? "vpc" : ending)) ?? "raw";
};

const busOf = (drive: Drive, otherwise: DiskBus): DiskBus =>
  drive.bus ?? (drive.target?.startsWith("sd") === true && otherwise === "virtio" ? "scsi" : otherwise);

const toCdrom = (drive: Drive, bus: DiskBus): Disk => ({
  device: "cdrom",
  source: toSource(drive),
  target: drive.target ?? null,
  bus: busOf(drive, bus),
  format: "raw",
  cache: null,
  discard: false,
  readonly: true,
  shareable: false,
  serial: drive.serial ?? null,
  bootOrder: drive.bootOrder ?? null,
});

const toDisk = (disk: WrittenDisk, cdromBus: DiskBus): Disk =>
  disk.device === "cdrom"
    ? toCdrom(disk, cdromBus)
    : {
        device: "disk",
        source: toSource(disk),
        target: disk.target ?? null,
        bus: busOf(disk, "virtio"),
        format: disk.format ?? formatOf(disk),
        cache: disk.cache ?? "none",
        discard: disk.discard ?? true,
        readonly: disk.readonly ?? false,
        shareable: disk.shareable ?? false,
        serial: disk.serial ?? null,
        bootOrder: disk.bootOrder ?? null,
      };

/** Disks in order, and behind them the CD-ROM drives. */
export const normalizeDisks = (
  disks: readonly WrittenDisk[],
  cdroms: readonly WrittenCdrom[],
  arch: Architecture | undefined,
): readonly Disk[] => {
  // The machine virt has no SATA of its own.
  const bus = arch === "aarch64" ? "scsi" : "sata";
  return [
    ...disks.map((disk) => toDisk(disk, bus)),
    ...cdroms.map((drive) => toCdrom(typeof drive === "string" ? { source: drive } : drive, bus)),
  ];
};

const toHostDevice = (device: WrittenHostDevice): HostDevice => {
  if (device.type === "pci") return { kind: "pci", source: device.source, managed: device.managed ?? true };
  const [, bus, number] = /^(\d{3}):(\d{3})$/.exec(device.source) ?? [];
  if (bus !== undefined) return { kind: "usb-address", bus: Number(bus), device: Number(number) };
  const [vendor = "", product = ""] = device.source.toLowerCase().split(":");
  return { kind: "usb", vendor: `0x${vendor}`, product: `0x${product}` };
};

/** Those that are not turned off. */
export const normalizeHostDevices = (devices: readonly WrittenHostDevice[]): readonly HostDevice[] =>
  devices.filter(({ enabled }) => enabled !== false).map(toHostDevice);
