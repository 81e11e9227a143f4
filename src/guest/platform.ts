// What QEMU is to a guest beside its processor and disks. In a profile, null means: as the template has it.

/** Systems whose usual hardware a profile can ask for. */
export const SYSTEMS = ["linux", "windows11", "windows", "freebsd", "openbsd", "other"] as const;
export type System = (typeof SYSTEMS)[number];

export const ARCHITECTURES = ["x86_64", "aarch64"] as const;
export type Architecture = (typeof ARCHITECTURES)[number];

/** Interfaces of Hyper-V that KVM has for Windows, by libvirt's names (virDomainHyperv). */
export const HYPERV_FEATURES = [
  ...["relaxed", "vapic", "spinlocks", "vpindex", "runtime", "synic", "stimer", "reset"],
  ...["frequencies", "reenlightenment", "tlbflush", "ipi", "evmcs", "avic"],
] as const;
export type HypervFeature = (typeof HYPERV_FEATURES)[number];

/** Huge pages of the host's default size, of another one in KiB, or none. */
export type Hugepages =
  { readonly kind: "off" } | { readonly kind: "default" } | { readonly kind: "size"; readonly kib: number };

export interface NumaCell {
  /** The guest's vCPUs, `0-3,8`. */
  readonly cpus: string;
  readonly kib: number;
  /** Nodes of the host that have the memory of the cell; null leaves it to the host. */
  readonly nodes: string | null;
}

export const NUMA_MODES = ["strict", "preferred", "interleave", "restrictive"] as const;

export interface Numa {
  /** Nodes of the host that have the guest's memory; null leaves it to the host. */
  readonly nodes: string | null;
  readonly mode: (typeof NUMA_MODES)[number];
  /** The guest's own nodes; empty for a guest without. */
  readonly cells: readonly NumaCell[];
}

export const INPUT_TYPES = ["tablet", "mouse", "keyboard"] as const;
export const INPUT_BUSES = ["usb", "virtio"] as const;
export interface Input {
  readonly type: (typeof INPUT_TYPES)[number];
  readonly bus: (typeof INPUT_BUSES)[number];
}

export const SOUND_MODELS = ["none", "ich9", "ich6", "ac97", "usb"] as const;
export type SoundModel = (typeof SOUND_MODELS)[number];

/** A directory of the host, shared by virtiofsd. */
export interface Filesystem {
  readonly source: string;
  /** The name under which the guest mounts it. */
  readonly target: string;
}

/** The host's end of a serial port. */
export type SerialPort =
  | { readonly kind: "pty" }
  | { readonly kind: "unix" | "file" | "dev"; readonly path: string }
  | { readonly kind: "tcp"; readonly listen: string; readonly port: number };

export interface Platform {
  readonly arch: Architecture | null;
  /** Empty for a guest without any. */
  readonly hyperv: readonly HypervFeature[] | null;
  readonly hugepages: Hugepages | null;
  readonly numa: Numa | null;
  readonly input: readonly Input[] | null;
  readonly sound: SoundModel | null;
  readonly filesystems: readonly Filesystem[];
  /** Those beside the console. */
  readonly serial: readonly SerialPort[] | null;
}
