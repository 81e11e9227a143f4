import type { PciAddress } from "../values/pci.ts";

// What a guest is made of, apart from its network. In a profile, null means: as the template has it.

export type Firmware = "bios" | "uefi" | "uefi-secure";

/** A kernel given to QEMU directly, without firmware or boot loader. */
export interface DirectBoot {
  readonly kernel: string;
  readonly initrd: string | null;
  readonly cmdline: string | null;
}

/** `max` is `memory` unless the guest may grow to it by deflating its balloon. */
export interface Memory {
  readonly kib: number;
  readonly maxKiB: number;
}

export interface Topology {
  readonly sockets: number;
  readonly cores: number;
  readonly threads: number;
}

export interface Vcpus {
  /** Number of vCPUs at the start. */
  readonly count: number;
  /** Number of vCPUs that can be added while it runs. */
  readonly max: number;
  /** Its product is `max`: libvirt refuses anything else. */
  readonly topology: Topology;
  readonly pinning: Pinning;
}

/** Host CPUs as libvirt writes sets of them: `0-3,8`. */
export type Pinning =
  | { readonly kind: "none" }
  | { readonly kind: "all"; readonly cpus: string }
  | { readonly kind: "each"; readonly cpus: readonly string[] };

export const CPU_MODES = ["host-passthrough", "host-model", "maximum"] as const;
export type CpuMode = (typeof CPU_MODES)[number];
export const CPU_POLICIES = ["require", "optional", "disable", "forbid", "force"] as const;
export type CpuPolicy = (typeof CPU_POLICIES)[number];

export interface Cpu {
  readonly model:
    { readonly kind: "mode"; readonly mode: CpuMode } | { readonly kind: "named"; readonly name: string };
  readonly features: readonly { readonly name: string; readonly policy: CpuPolicy }[];
}

export type Clock =
  | { readonly kind: "utc" }
  | { readonly kind: "localtime" }
  | { readonly kind: "timezone"; readonly timezone: string };

export type Graphics =
  | { readonly kind: "none" }
  | { readonly kind: "vnc" | "spice"; readonly listen: string; readonly port: number | null };

export const VIDEO_MODELS = ["none", "virtio", "vga", "bochs", "qxl"] as const;
export type VideoModel = (typeof VIDEO_MODELS)[number];

/** Actions of `<watchdog>`, without `none`: a profile sets `false` for that. */
export const WATCHDOG_ACTIONS = ["reset", "shutdown", "poweroff", "pause", "dump", "inject-nmi"] as const;
export type WatchdogAction = (typeof WATCHDOG_ACTIONS)[number];

// What libvirt's QEMU driver takes: it has no "preserve" or "rename-restart" for these two.
export const OFF_ACTIONS = ["destroy", "restart"] as const;
export const CRASH_ACTIONS = [
  "destroy",
  "restart",
  "preserve",
  "coredump-destroy",
  "coredump-restart",
] as const;

/** A device that a profile can turn on and off; `Settings` is what it then needs. */
export type OptionalDevice<Settings> =
  { readonly kind: "off" } | { readonly kind: "on"; readonly settings: Settings };

/** A device of the host that the guest drives itself. */
export type HostDevice =
  | { readonly kind: "pci"; readonly source: PciAddress; readonly managed: boolean }
  | { readonly kind: "usb"; readonly vendor: string; readonly product: string }
  /** Of several alike: libvirt identifies one by its numbers, which the host gives anew when it is plugged in. */
  | { readonly kind: "usb-address"; readonly bus: number; readonly device: number };

export interface Hardware {
  readonly memory: Memory;
  readonly vcpus: Vcpus | null;
  readonly cpu: Cpu | null;
  readonly machine: string | null;
  readonly firmware: Firmware | null;
  readonly boot: DirectBoot | null;
  readonly clock: Clock | null;
  readonly onPoweroff: (typeof OFF_ACTIONS)[number] | null;
  readonly onReboot: (typeof OFF_ACTIONS)[number] | null;
  readonly onCrash: (typeof CRASH_ACTIONS)[number] | null;
  readonly iothreads: number | null;
  readonly hotplugPorts: number | null;
  readonly console: boolean | null;
  readonly agent: boolean | null;
  readonly balloon: boolean | null;
  readonly graphics: Graphics | null;
  readonly video: VideoModel | null;
  readonly tpm: OptionalDevice<{ readonly model: "tpm-crb" | "tpm-tis" }> | null;
  readonly watchdog: OptionalDevice<{ readonly action: WatchdogAction }> | null;
  readonly rng: OptionalDevice<{ readonly source: string }> | null;
}
