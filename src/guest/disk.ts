export const DISK_BUSES = ["virtio", "scsi", "sata"] as const;
export type DiskBus = (typeof DISK_BUSES)[number];
/** Image formats that QEMU reads and writes, by libvirt's names (`vpc` is VHD, `qcow` the format before qcow2). */
export const DISK_FORMATS = ["raw", "qcow2", "qcow", "qed", "vmdk", "vdi", "vpc", "vhdx"] as const;
export type DiskFormat = (typeof DISK_FORMATS)[number];
export const DISK_CACHES = ["none", "writeback", "writethrough", "directsync", "unsafe"] as const;
export type DiskCache = (typeof DISK_CACHES)[number];

/** The location of a disk's contents. */
export type DiskSource =
  | { readonly kind: "file"; readonly path: string }
  | { readonly kind: "block"; readonly path: string }
  | { readonly kind: "volume"; readonly pool: string; readonly volume: string }
  /** A CD-ROM drive without a disc. */
  | { readonly kind: "empty" };

export interface Disk {
  readonly device: "disk" | "cdrom";
  readonly source: DiskSource;
  /** The guest's name for it in libvirt, `vda`; null is the next free one. */
  readonly target: string | null;
  readonly bus: DiskBus;
  readonly format: DiskFormat;
  /** Null is QEMU's own choice, which is right for a CD-ROM. */
  readonly cache: DiskCache | null;
  readonly discard: boolean;
  readonly readonly: boolean;
  readonly shareable: boolean;
  readonly serial: string | null;
  readonly bootOrder: number | null;
}
