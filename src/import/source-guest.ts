import type { Given, Origin } from "./report/report.ts";
import type { Peripherals } from "./to-profile/peripherals.ts";

// A guest as the file has it, whichever kind of file: in the words of Xen's tools, nothing filled in, nothing renamed.

/** The mode of Xen, which determines the steps inside the guest. */
export type XenType = "pv" | "pvh" | "hvm";

export interface SourceDisk extends Origin {
  /** Positions of its words by name: `target`, `vdev`, `format`, `access` … */
  readonly words: ReadonlyMap<string, Origin>;
  /** File or device; empty for a drive without disc. */
  readonly target: string;
  /** The guest's name for it: `xvda2`, `hdc`. */
  readonly vdev: string;
  readonly family: string;
  readonly index: number;
  readonly partition: number;
  /** By QEMU's name. */
  readonly format: "raw" | "qcow" | "qcow2" | "vpc" | "qed" | "vmdk" | "vdi" | "vhdx";
  readonly device: "disk" | "cdrom";
  readonly readonly: boolean;
  readonly shareable: boolean;
  readonly discard: boolean;
  /** The program in dom0 that makes the device, and the driver domain that has it. */
  readonly script: string | null;
  readonly backend: string | null;
}

/** The VLANs of a port. */
export interface SourceVlans {
  readonly native: number | null;
  readonly tagged: readonly number[];
}

/** The network of a NIC. */
export type SourceAttachment =
  | { readonly kind: "bridge"; readonly bridge: string; readonly vlans: SourceVlans | null }
  | { readonly kind: "ovs"; readonly bridge: string; readonly vlans: SourceVlans | null }
  | { readonly kind: "routed" }
  | { readonly kind: "nat" }
  | { readonly kind: "macvtap"; readonly source: string; readonly mode: string }
  | { readonly kind: "network"; readonly network: string; readonly portgroup: string | null }
  | { readonly kind: "other"; readonly what: string; readonly bridge: string };

export interface SourceNic extends Origin {
  /** All its words, with their positions. */
  readonly words: readonly Origin[];
  readonly mac: string | null;
  readonly attachment: SourceAttachment;
  /** Position of the attachment, or of the NIC itself if the attachment is a default. */
  readonly attachmentAt: Origin;
  readonly model: Given<string> | null;
  /** The guest's outgoing traffic, in bytes a second. */
  readonly rate: Given<number> | null;
  readonly tap: Given<string> | null;
  readonly mtu: Given<number> | null;
  /** `ip=`: the routes of a routed NIC, and what a bridged one is held to. */
  readonly addresses: Given<readonly string[]> | null;
}

export interface SourceGraphics extends Origin {
  readonly type: "vnc" | "spice";
  readonly listen: Given<string> | null;
  /** A fixed port; null is the next free one. */
  readonly port: Given<number> | null;
  readonly hasPassword: boolean;
  /** Whether the file asks for it, or Xen's default for HVM guests does. */
  readonly isDefault: boolean;
}

export type SourceHostDevice =
  | (Origin & { readonly kind: "pci"; readonly address: string })
  | (Origin & { readonly kind: "usb"; readonly id: string });

/** The system inside: a guess, because no file states it, with its evidence. */
export interface GuestSystem {
  readonly kind: "linux" | "windows" | "other";
  /** Null without evidence in the file; Linux is assumed. */
  readonly because: string | null;
  /** Whether the evidence is so weak that a person must check. */
  readonly isWeak: boolean;
}

export interface SourceGuest {
  readonly type: XenType;
  readonly name: Given<string>;
  readonly uuid: Given<string> | null;
  readonly title: Given<string> | null;
  readonly description: Given<string> | null;
  /** KiB. */
  readonly memory: Given<number>;
  readonly maxMemory: Given<number> | null;
  readonly vcpus: Given<number> | null;
  readonly maxVcpus: Given<number> | null;
  /** One set for all vCPUs, or one for each. */
  readonly pinning: Given<string | readonly string[]> | null;
  readonly bootloader: Given<string> | null;
  readonly kernel: Given<string> | null;
  readonly initrd: Given<string> | null;
  readonly cmdline: Given<string> | null;
  /** Letters of xl's `boot`: c, d, n. */
  readonly bootOrder: Given<string> | null;
  readonly firmware: Given<"bios" | "rombios" | "uefi"> | null;
  readonly graphics: SourceGraphics | null;
  readonly video: Given<string> | null;
  readonly clock: Given<"utc" | "localtime"> | null;
  readonly onPoweroff: Given<string> | null;
  readonly onReboot: Given<string> | null;
  readonly onCrash: Given<string> | null;
  readonly onWatchdog: Given<string> | null;
  readonly tpm: Given<boolean> | null;
  readonly agent: Given<boolean> | null;
  readonly serial: Given<boolean> | null;
  /** Whether it has interfaces of Hyper-V. */
  readonly hyperv: Given<boolean> | null;
  /** What a profile has the same word for, as the profile writes it. */
  readonly peripherals: Peripherals;
  readonly disks: readonly SourceDisk[];
  readonly nics: readonly SourceNic[];
  readonly hostDevices: readonly SourceHostDevice[];
  readonly system: GuestSystem;
}
