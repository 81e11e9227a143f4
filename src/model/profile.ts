import type { Address } from "./address.ts";
import type { Nic } from "./guest.ts";
import type { GuestName, Uuid } from "./names.ts";

export type Firmware = "bios" | "uefi" | "uefi-secure";
export type DiskBus = "virtio" | "scsi" | "sata";
export type DiskFormat = "raw" | "qcow2";

export interface Disk {
  readonly kind: "file" | "block";
  readonly source: string;
  /** The guest's name for it in libvirt: `vda`, `sda`. */
  readonly target: string;
  readonly bus: DiskBus;
  readonly format: DiskFormat;
  readonly readonly: boolean;
  readonly serial: string | null;
}

/** A kernel given to QEMU directly, without firmware or boot loader. */
export interface DirectBoot {
  readonly kernel: string;
  readonly initrd: string | null;
  readonly cmdline: string | null;
}

/** A guest, complete: nobody asks any more whether something was given. */
export interface Profile {
  readonly name: GuestName;
  readonly uuid: Uuid;
  readonly title: string | null;
  readonly description: string | null;
  /** `kvm`, or `qemu` for emulation where there is no KVM. */
  readonly virtType: "kvm" | "qemu";
  readonly memoryKiB: number;
  readonly vcpus: number;
  readonly firmware: Firmware;
  readonly boot: DirectBoot | null;
  readonly disks: readonly Disk[];
  readonly interfaces: readonly ProfileNic[];
}

/** An address as an interface has it: with the length of the network that is on link. */
export interface InterfaceAddress {
  readonly address: Address;
  readonly length: number;
}

/** What the guest itself configures on a NIC: genxml cloud-init writes it, the hook never looks at it. */
export interface GuestSide {
  readonly addresses: readonly InterfaceAddress[];
  /** Next hops of default routes, at most one for each family. Not on link for a /32 or /128: "on-link" routes. */
  readonly gateways: readonly Address[];
}

/** A NIC with what only the guest's side of it needs. */
export type ProfileNic = Nic & { readonly model: string; readonly inside: GuestSide };
