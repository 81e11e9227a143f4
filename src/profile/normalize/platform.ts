import type { Hugepages, HypervFeature, Numa, Platform, SerialPort } from "../../guest/platform.ts";
import type { WrittenProfile } from "../schema/profile.ts";

/** What virt-manager turns on where the host has it, without those that need a nested or certain host. */
const USUAL: readonly HypervFeature[] = [
  ...(["relaxed", "vapic", "spinlocks", "vpindex", "runtime", "synic", "stimer"] as const),
  ...(["frequencies", "tlbflush", "ipi"] as const),
];

const toHyperv = (written: WrittenProfile["hyperv"]): readonly HypervFeature[] | null => {
  if (written === undefined) return null;
  if (typeof written === "boolean") return written ? USUAL : [];
  return [...new Set(written)];
};

const toHugepages = (written: WrittenProfile["hugepages"]): Hugepages | null => {
  if (written === undefined) return null;
  if (typeof written === "number") return { kind: "size", kib: written };
  return { kind: written ? "default" : "off" };
};

const toNuma = ({ nodes, mode, cells }: NonNullable<WrittenProfile["numa"]>): Numa => ({
  nodes: nodes ?? null,
  mode: mode ?? "strict",
  cells: (cells ?? []).map((cell) => ({ cpus: cell.cpus, kib: cell.memory, nodes: cell.nodes ?? null })),
});

type WrittenSerial = NonNullable<WrittenProfile["serial"]>[number];

const toSerial = (written: WrittenSerial): SerialPort => {
  switch (written.type) {
    case "pty":
      return { kind: "pty" };
    case "tcp":
      return { kind: "tcp", listen: written.listen ?? "127.0.0.1", port: written.port };
    default:
      return { kind: written.type, path: written.path };
  }
};

/** Returns the settings of QEMU in a profile; null means the template's. */
export const normalizePlatform = (written: WrittenProfile): Platform => ({
  arch: written.arch ?? null,
  hyperv: toHyperv(written.hyperv),
  hugepages: toHugepages(written.hugepages),
  numa: written.numa === undefined ? null : toNuma(written.numa),
  input:
    written.input?.map((one) =>
      typeof one === "string" ? { type: one, bus: "usb" } : { type: one.type, bus: one.bus ?? "usb" },
    ) ?? null,
  sound: written.sound ?? null,
  filesystems: written.filesystems ?? [],
  serial: written.serial?.map(toSerial) ?? null,
});
