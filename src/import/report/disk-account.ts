import type { Account, Origin } from "./account.ts";
import type { SourceDisk } from "../source-guest.ts";

/** Where a word of the disk stands; the whole disk where it is left out. */
export const wordAt = (disk: SourceDisk, name: string): Origin =>
  disk.words.get(name) ?? { at: disk.at, path: [...disk.path, name], found: "" };

// What these do is done otherwise, or happens anyway.
const OLD_PREFIX = /^(tap2?|tapdisk|aio|file|phy|ioemu)$/;
const QUIET: Readonly<Record<string, string>> = {
  backendtype: "how dom0 serves it; QEMU has its own way",
  specification: "the bus of the device model; here it is virtio",
  "direct-io-safe": "QEMU's direct I/O is always safe in this sense",
  trusted: "the guest trusts the host's QEMU",
  untrusted: "the guest trusts the host's QEMU",
};

const sayAccess = (disk: SourceDisk, word: Origin, account: Account): void => {
  if (disk.device === "cdrom") account.taken(word, "a CD-ROM drive, always read-only");
  else if (!disk.shareable) account.taken(word, disk.readonly ? "read-only" : "read-write");
  else if (disk.format === "raw")
    account.changed(word, "xm's word for a disk that several guests write: shareable", "step");
  else account.changed(word, "several guests may write it, and only raw disks can be shared", "person");
};

/** Accounts for each word of a disk but its target. @param to its new name, or null when it is not in the profile */
export const accountForWords = (disk: SourceDisk, to: string | null, account: Account): void => {
  for (const [name, word] of disk.words) {
    if (name === "target" || name === "backend") continue;
    if (OLD_PREFIX.test(name))
      account.dropped(word, "an old prefix: the profile tells files from devices by their path");
    else if (QUIET[name] !== undefined) account.dropped(word, QUIET[name]);
    else if (name.startsWith("colo") || name === "no-colo" || name.endsWith("-disk"))
      account.dropped(
        word,
        "COLO, a kind of fault tolerance; KVM has another one",
        name === "no-colo" ? "note" : "person",
      );
    else if (to === null) account.dropped(word, "with its disk");
    else if (name === "vdev") account.changed(word, `${to} for the guest`);
    else if (name === "access") sayAccess(disk, word, account);
    else if (name === "discard" || name === "no-discard")
      account.taken(word, disk.discard ? "discards reach the image" : "discards do not reach it");
    else if (name === "devtype" || name === "cdrom")
      account.taken(word, disk.device === "cdrom" ? "a CD-ROM drive" : "a disk");
    else if (name === "script" || name === "drbd")
      account.changed(word, "a program of Xen's that makes the device; KVM takes the device itself");
    else account.taken(word, disk.device === "cdrom" ? "a disc image" : `format ${disk.format}`);
  }
};
