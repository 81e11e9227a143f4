import type { DiskBus } from "../../guest/disk.ts";
import type { System } from "../../guest/platform.ts";
import type { WrittenDisk } from "../schema/devices.ts";
import type { WrittenInterface } from "../schema/interface.ts";
import type { WrittenProfile } from "../schema/profile.ts";

/** What a system gets that its profile does not set. */
interface SystemDefaults {
  readonly keys: Partial<WrittenProfile>;
  /** Disks and NICs that the system drives as it is installed; null is virtio. */
  readonly disk: DiskBus | null;
  readonly nic: "e1000e" | null;
}

const ALL_VIRTIO = { disk: null, nic: null } as const;
const NO_VIRTIO = { disk: "sata", nic: "e1000e" } as const;

const WINDOWS = {
  keys: { clock: "localtime", hyperv: true, graphics: "vnc", video: "vga", input: ["tablet"] },
  ...NO_VIRTIO,
} as const satisfies SystemDefaults;

/**
 * As osinfo-db has the devices of each system without drivers of others: no Windows has virtio drivers or reads the hardware
 * clock as UTC. Windows 11 also requires UEFI with Secure Boot and a TPM 2.0 (Microsoft, "Windows 11 requirements").
 */
const DEFAULTS: Readonly<Record<System, SystemDefaults>> = {
  linux: { keys: {}, ...ALL_VIRTIO },
  windows11: { ...WINDOWS, keys: { ...WINDOWS.keys, firmware: "uefi-secure", tpm: true } },
  windows: WINDOWS,
  freebsd: { keys: {}, ...ALL_VIRTIO },
  // OpenBSD's console is on the VGA, and before 7.4 it has no driver for virtio's card.
  openbsd: { keys: { graphics: "vnc", video: "vga" }, ...ALL_VIRTIO },
  other: { keys: { graphics: "vnc", video: "vga", input: ["tablet"] }, ...NO_VIRTIO },
};

// A target name says more than the system does.
const withBus = (disk: WrittenDisk, bus: DiskBus | null): WrittenDisk =>
  bus === null || disk.bus !== undefined || disk.device === "cdrom" || disk.target?.startsWith("vd") === true
    ? disk
    : { ...disk, bus };

/** A pair requires virtio's driver. */
const isPair = (nic: WrittenInterface): boolean => "failover" in nic && nic.failover !== undefined;

const withModel = (nic: WrittenInterface, model: "e1000e" | null): WrittenInterface =>
  model === null || nic.type === "hostdev" || nic.model !== undefined || isPair(nic)
    ? nic
    : { ...nic, model };

/** Adds what the system of a profile requires, where the profile sets nothing. */
export const withSystem = (written: WrittenProfile): WrittenProfile => {
  if (written.os === undefined) return written;
  const { keys, disk, nic } = DEFAULTS[written.os];
  // The machine virt has one video card, and no SATA of its own.
  if (written.arch === "aarch64") return written;
  // QEMU offers Hyper-V's interfaces only together with KVM.
  const { hyperv, ...others } = keys;
  return {
    ...(written.virtType === "qemu" || hyperv === undefined ? others : keys),
    ...written,
    ...(written.disks === undefined ? {} : { disks: written.disks.map((one) => withBus(one, disk)) }),
    ...(written.interfaces === undefined
      ? {}
      : { interfaces: written.interfaces.map((one) => withModel(one, nic)) }),
  };
};
