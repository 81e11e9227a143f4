import type { Renamed, MappedDisks } from "./disks.ts";
import type { Report, Given, Weight } from "../report/report.ts";
import type { SourceGuest } from "../source-guest.ts";
import { type Kernel, kernelOf } from "../kernel-name.ts";
import type { ProfileText } from "../../profile/schema/profile.ts";

export interface Rewritten {
  readonly cmdline: string;
  /** The changed words, for the report. */
  readonly changes: readonly string[];
  /** Names of disks that the file does not have: only a person can resolve them. */
  readonly unknown: readonly string[];
}

// Words that only a kernel on Xen understands.
const XENS =
  /^(clocksource=xen|xen\.independent_wallclock=\S*|independent_wallclock=\S*|xencons=\S*|earlyprintk=xen|xen_emul_unplug=\S*|xen_privcmd\.\S*)$/;
const SERIAL = "console=ttyS0";

/** The new name of `xvda2`: of that disk, or of the disk that the partition is on. Linux shows hda and sda as xvda, too. */
const rename = (name: string, renamed: readonly Renamed[]): string | null => {
  const [, letters = "", digits = ""] = /^((?:xvd|sd|hd)[a-z]+)(\d*)$/.exec(name) ?? [];
  const disks = renamed.filter(({ device }) => device === "disk");
  const bare = (text: string): string => text.replace(/^(xvd|sd|hd)/, "");
  const whole =
    disks.find(({ from }) => from === name) ?? disks.find(({ from }) => bare(from) === bare(name));
  if (whole !== undefined) return whole.to;
  const disk =
    disks.find(({ from }) => from === letters) ?? disks.find(({ from }) => bare(from) === bare(letters));
  return disk === undefined ? null : `${disk.to}${digits}`;
};

/** A kernel's command line for KVM: disks by their new names, the console on the serial port, Xen's words gone. */
export const rewriteCmdline = (text: string, renamed: readonly Renamed[]): Rewritten => {
  const changes: string[] = [];
  const unknown: string[] = [];
  const words = text.split(/\s+/).flatMap((word): readonly string[] => {
    if (word === "") return [];
    if (XENS.test(word)) {
      changes.push(`without ${word}`);
      return [];
    }
    const serial = /^console=(hvc\d|xvc\d)/.test(word) ? SERIAL : word;
    const disks = serial.replaceAll(/\/dev\/((?:xvd|sd|hd)[a-z]+\d*)(?![\w/])/g, (all, name: string) => {
      const to = rename(name, renamed);
      if (to === null) unknown.push(name);
      return to === null ? all : `/dev/${to}`;
    });
    if (disks !== word) changes.push(`${word} → ${disks}`);
    return [disks];
  });
  const unique = words.filter((word, index) => word !== SERIAL || words.indexOf(word) === index);
  if (unique.some((word) => word.startsWith(SERIAL))) return { cmdline: unique.join(" "), changes, unknown };
  // Without it, a kernel of Xen writes to hvc0, which KVM does not have.
  return { cmdline: [...unique, SERIAL].join(" "), changes: [...changes, `${SERIAL} added`], unknown };
};

type Letter = "c" | "d" | "n";
export type BootOrder = ReadonlyMap<Letter, number>;

const isLetter = (letter: string): letter is Letter => letter === "c" || letter === "d" || letter === "n";

/**
 * xl's letters as the profile's numbers. Empty where the profile needs none: the first disk, behind it a CD-ROM drive.
 *
 * @param has which kinds of devices the guest has
 * @param direct whether it boots a kernel of the host's
 */
export const toBootOrder = (
  { bootOrder }: SourceGuest,
  has: Readonly<Record<Letter, boolean>>,
  direct: boolean,
  report: Report,
): BootOrder => {
  if (bootOrder === null) return new Map();
  if (direct) {
    report.dropped(bootOrder, "the guest boots a kernel on the host");
    return new Map();
  }
  const letters = [...new Set(bootOrder.value)].filter(isLetter);
  const floppy = bootOrder.value.includes("a") ? "; without a floppy" : "";
  const there = letters.filter((letter) => has[letter]);
  if (/^(c|cd|)$/.test(there.join(""))) {
    report.taken(bootOrder, `the first disk, then a CD-ROM drive${floppy}`);
    return new Map();
  }
  report.taken(
    bootOrder,
    `${there.map((letter, index) => `${letter} has bootOrder ${index + 1}`).join(", ")}${floppy}`,
  );
  return new Map(there.map((letter, index) => [letter, index + 1]));
};

/** Devices of one kind, the first with its place in the order. */
export const withOrder = <T extends object>(
  devices: readonly T[],
  order: number | undefined,
): (T & { bootOrder?: number })[] =>
  devices.map((device, index) =>
    index === 0 && order !== undefined ? { ...device, bootOrder: order } : device,
  );

/** The guest's way to boot. */
export interface MappedBoot {
  readonly boot: NonNullable<ProfileText["boot"]> | null;
  readonly kernel: Kernel | null;
  /** Whether a program in dom0 found the kernel in the guest's own disk. */
  readonly byBootloader: boolean;
}

/** An absolute path that XML can hold. */
const isPath = (text: string): boolean => text.startsWith("/") && !/[\p{Cc}\p{Cs}\uFFFE\uFFFF]/u.test(text);

const drop = (given: Given<string> | null, report: Report, why: string): void => {
  if (given !== null) report.dropped(given, why);
};

const BOOTED: Readonly<Partial<Record<Kernel, readonly [string, Weight]>>> = {
  "xen-only": [
    "booted directly; its name suggests a Xen-only kernel, which KVM cannot boot: install the distribution's standard kernel",
    "person",
  ],
  "no-linux": ["booted directly; a system built for Xen must be rebuilt for KVM", "person"],
  "no-x86": [
    "booted directly; its name suggests another architecture than x86, which KVM cannot run on this host",
    "person",
  ],
  unknown: [
    "booted directly; its name does not show which system it is, and the steps assume Linux: copy the file to the new host",
    "step",
  ],
};

const reportKernel = (kernel: Given<string>, kind: Kernel, report: Report): void => {
  const [what, weight] = BOOTED[kind] ?? [
    "booted directly from a file on the host: copy it to the new host",
    "step",
  ];
  report.taken(kernel, what, weight);
};

/** Kernel, initrd and command line, where they are files of the host and KVM can boot them. */
export const toBoot = (guest: SourceGuest, { renamed }: MappedDisks, report: Report): MappedBoot => {
  const { bootloader, kernel, initrd, cmdline } = guest;
  const nothing = (byBootloader: boolean, kind: Kernel | null): MappedBoot => ({
    boot: null,
    kernel: kind,
    byBootloader,
  });
  if (bootloader !== null && bootloader.value.trim() !== "" && guest.type !== "hvm") {
    const isPygrub = bootloader.value.trim().endsWith("pygrub");
    report.dropped(
      bootloader,
      isPygrub
        ? "a program in dom0 that finds the kernel on the guest's disk; on KVM the guest requires its own boot loader"
        : "a program in dom0 that fetches the kernel; on KVM the guest requires its own boot loader, or `boot` in the profile",
      isPygrub ? "step" : "person",
    );
    for (const given of [kernel, initrd])
      drop(given, report, "ignored, because bootloader selects the kernel");
    if (cmdline !== null)
      report.dropped(
        cmdline,
        `extended the guest's boot entry: add what is required to the guest's GRUB, with the new names (${rewriteCmdline(cmdline.value, renamed).cmdline})`,
        "step",
      );
    return nothing(true, null);
  }
  drop(bootloader, report, "without effect for this guest");
  const kind = kernel === null ? null : kernelOf(kernel.value.trim());
  if (kernel === null || kind === null || kind === "firmware" || kind === "boot-loader") {
    if (kernel !== null)
      report.dropped(
        kernel,
        kind === "firmware"
          ? "Xen's firmware; KVM uses SeaBIOS"
          : "GRUB for paravirtual guests, in dom0; on KVM the guest requires its own boot loader",
        kind === "firmware" ? "note" : "step",
      );
    drop(initrd, report, "without effect, because there is no kernel");
    if (cmdline !== null)
      report.dropped(
        cmdline,
        "without effect, because there is no kernel on the host",
        kind === "boot-loader" ? "step" : "note",
      );
    return nothing(kind === "boot-loader", kind);
  }
  const path = kernel.value.trim();
  if (!isPath(path)) {
    report.dropped(
      kernel,
      "relative to the directory where xl ran: find the file and set it in `boot` of the profile",
      "person",
    );
    drop(initrd, report, "its kernel must be found first");
    drop(cmdline, report, "its kernel must be found first");
    return nothing(false, kind);
  }
  reportKernel(kernel, kind, report);
  const ram = initrd?.value.trim() ?? "";
  if (initrd !== null) {
    if (isPath(ram)) report.taken(initrd, "the initial RAM disk; it requires the virtio drivers", "step");
    else
      report.dropped(
        initrd,
        "relative to the directory where xl ran: find the file and set it in `boot` of the profile",
        ram === "" ? "note" : "person",
      );
  }
  const rewritten = rewriteCmdline(
    (cmdline?.value ?? "").replaceAll(/[\p{Cc}\p{Cs}\uFFFE\uFFFF]/gu, " "),
    renamed,
  );
  if (cmdline !== null) {
    const what = rewritten.changes.length === 0 ? "unchanged" : rewritten.changes.join("; ");
    report.changed(cmdline, what, rewritten.unknown.length > 0 ? "person" : "note");
    if (rewritten.unknown.length > 0)
      report.task(
        "host",
        `\`boot.cmdline\` names disks that the file does not define: ${rewritten.unknown.join(", ")}. Set their new names in the profile.`,
        "person",
        "unknown disks on the kernel command line",
      );
  }
  return {
    boot: { kernel: path, ...(isPath(ram) ? { initrd: ram } : {}), cmdline: rewritten.cmdline },
    kernel: kind,
    byBootloader: false,
  };
};
