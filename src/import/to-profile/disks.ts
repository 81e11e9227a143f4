import type { Report, Origin } from "../report/report.ts";
import type { SourceDisk, SourceGuest } from "../source-guest.ts";
import type { ProfileText } from "../../profile/schema/profile.ts";
import { toLetters } from "../xen/syntax/vdev.ts";

/** Returns the position of a word of the disk, or of the whole disk if it is absent. */
const wordAt = (disk: SourceDisk, name: string): Origin =>
  disk.words.get(name) ?? { at: disk.at, path: [...disk.path, name], found: "" };

// What these do is done otherwise, or happens anyway.
const OLD_PREFIX = /^(tap2?|tapdisk|aio|file|phy|ioemu)$/;
const QUIET: Readonly<Record<string, string>> = {
  backendtype: "the disk backend in dom0; QEMU uses its own",
  specification: "the bus of the device model; on KVM it is virtio",
  "direct-io-safe": "QEMU's direct I/O is always safe in this sense",
  trusted: "the guest trusts the host's QEMU",
  untrusted: "the guest trusts the host's QEMU",
};

const reportAccess = (disk: SourceDisk, word: Origin, report: Report): void => {
  if (disk.device === "cdrom") report.taken(word, "a CD-ROM drive, always read-only");
  else if (!disk.shareable) report.taken(word, disk.readonly ? "read-only" : "read-write");
  else if (disk.format === "raw")
    report.changed(word, "xm's name for shareable, a disk that several guests write", "step");
  else report.changed(word, "several guests write it, and only raw disks can be shared", "person");
};

/** Accounts for each word of a disk but its target. @param to its new name, or null when it is not in the profile */
export const reportWords = (disk: SourceDisk, to: string | null, report: Report): void => {
  for (const [name, word] of disk.words) {
    if (name === "target" || name === "backend") continue;
    if (OLD_PREFIX.test(name))
      report.dropped(word, "an old prefix: profiles distinguish files and devices by their path");
    else if (QUIET[name] !== undefined) report.dropped(word, QUIET[name]);
    else if (name.startsWith("colo") || name === "no-colo" || name.endsWith("-disk"))
      report.dropped(
        word,
        "COLO fault tolerance; KVM has its own implementation",
        name === "no-colo" ? "note" : "person",
      );
    else if (to === null) report.dropped(word, "with its disk");
    else if (name === "vdev") report.changed(word, `${to} for the guest`);
    else if (name === "access") reportAccess(disk, word, report);
    else if (name === "discard" || name === "no-discard")
      report.taken(word, disk.discard ? "discards are passed to the image" : "discards are not passed to it");
    else if (name === "devtype" || name === "cdrom")
      report.taken(word, disk.device === "cdrom" ? "a CD-ROM drive" : "a disk");
    else if (name === "script" || name === "drbd")
      report.changed(word, "a Xen script that creates the device; KVM uses the device itself");
    else report.taken(word, disk.device === "cdrom" ? "a disc image" : `format ${disk.format}`);
  }
};

type WrittenDisk = NonNullable<ProfileText["disks"]>[number];
type WrittenDrive = Exclude<NonNullable<ProfileText["cdroms"]>[number], string>;

/** A disk's old and new name inside the guest. */
export interface Renamed {
  readonly from: string;
  readonly to: string;
  readonly source: string;
  readonly device: "disk" | "cdrom";
  /** Whether the old one was a partition whose contents are now a whole disk. */
  readonly isPartition: boolean;
}

export interface MappedDisks {
  readonly disks: readonly WrittenDisk[];
  readonly cdroms: readonly WrittenDrive[];
  readonly renamed: readonly Renamed[];
}

const IMAGE = /\.(img|raw|qcow2?|vhd|qed|iso|dsk|disk|vmdk|bin)$/i;

/** Returns the location of the contents on the new host; null if only a person can decide. */
const sourceOf = (disk: SourceDisk, report: Report): string | null => {
  const at = wordAt(disk, "target");
  const { target, script } = disk;
  if (disk.backend !== null)
    report.dropped(
      wordAt(disk, "backend"),
      "its backend is a driver domain; copy the disk to this host",
      "person",
    );
  if (script !== null) {
    const path = /^[\w.-]+$/.test(target) ? `/dev/drbd/by-res/${target}/0` : null;
    if (script.endsWith("block-drbd") && path !== null) {
      report.changed(
        at,
        `the first volume of the DRBD resource, ${path}: make it primary before the guest starts`,
        "step",
      );
      return path;
    }
    report.dropped(
      at,
      `${script} created the device from this; set it up on the new host, and add the disk to the profile`,
      "person",
    );
    return null;
  }
  if (/[\p{Cc}\p{Cs}\uFFFE\uFFFF]/u.test(target)) {
    report.dropped(at, "a name with control characters, which domain XML cannot contain", "person");
    return null;
  }
  if (target.startsWith("/")) {
    report.taken(at, target.startsWith("/dev/") ? "a block device" : "a file");
    return target;
  }
  if (IMAGE.test(target) || disk.format !== "raw") {
    const path = `/var/lib/libvirt/images/${target.replace(/^\.\//, "").replaceAll("../", "")}`;
    report.changed(at, `relative to the directory where xl ran; ${path} is a guess`, "person");
    return path;
  }
  report.changed(at, `/dev/${target}, where Xen searches for it`);
  return `/dev/${target}`;
};

const SLOW = ["vpc", "qed", "qcow"];

/** A disk as the profile writes it. QEMU has no read-only SATA disk, and no shared one that is not raw. */
const write = (disk: SourceDisk, source: string, to: string, bus: "virtio" | "sata"): WrittenDisk => ({
  source,
  target: to,
  ...(bus === "virtio" ? {} : { bus: disk.readonly ? "scsi" : bus }),
  format: disk.format,
  ...(disk.readonly ? { readonly: true } : {}),
  ...(disk.shareable && disk.format === "raw" ? { shareable: true } : {}),
  ...(disk.discard ? {} : { discard: false }),
});

/** The root disk first: the one of the kernel's command line, else the first by name. */
const inOrder = (disks: readonly SourceDisk[], cmdline: string): readonly SourceDisk[] => {
  const root = /(?:^|\s)root=\/dev\/((?:xvd|sd|hd)[a-z]+)(\d*)/.exec(cmdline);
  const isRoot = ({ vdev, partition }: SourceDisk): boolean =>
    root !== null && (vdev === `${root[1] ?? ""}${root[2] ?? ""}` || (partition === 0 && vdev === root[1]));
  const first =
    disks.find(isRoot) ?? disks.find(({ index, partition }) => index === 0 && partition === 0) ?? disks[0];
  return first === undefined ? [] : [first, ...disks.filter((disk) => disk !== first)];
};

/** Disks as the profile has them, and their new names. Windows gets SATA, which it can boot from without a driver. */
export const toDisks = (guest: SourceGuest, report: Report): MappedDisks => {
  const bus = guest.system.kind === "windows" ? "sata" : "virtio";
  const disks: WrittenDisk[] = [];
  const cdroms: WrittenDrive[] = [];
  const renamed: Renamed[] = [];
  const count = { vd: 0, sd: 0 };
  const next = (family: "vd" | "sd"): string => `${family}${toLetters(count[family]++)}`;
  const hard = guest.disks.filter(({ device }) => device === "disk");
  for (const disk of inOrder(hard, guest.cmdline?.value ?? "")) {
    const source = sourceOf(disk, report);
    const to = source === null ? null : next(bus === "virtio" ? "vd" : "sd");
    reportWords(disk, to, report);
    if (source === null || to === null) continue;
    disks.push(write(disk, source, to, bus));
    if (SLOW.includes(disk.format))
      report.task(
        "host",
        `QEMU reads \`${disk.format}\` slowly; when the guest runs, convert it: \`qemu-img convert -O qcow2\`.`,
      );
    renamed.push({ from: disk.vdev, to, source, device: "disk", isPartition: disk.partition > 0 });
  }
  for (const drive of guest.disks.filter(({ device }) => device === "cdrom")) {
    const source = drive.target === "" ? null : sourceOf(drive, report);
    const to = next("sd");
    reportWords(drive, to, report);
    cdroms.push({ ...(source === null ? {} : { source }), target: to });
    renamed.push({ from: drive.vdev, to, source: source ?? "", device: "cdrom", isPartition: false });
  }
  return { disks, cdroms, renamed };
};
