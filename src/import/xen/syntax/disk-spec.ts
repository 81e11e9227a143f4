import { splitDisk, type Word } from "./disk-words.ts";
import { parseVdev, type Vdev } from "./vdev.ts";

/** A disk as Xen's tools understand it. */
export interface DiskSpec {
  /** As written, without prefixes; empty for a drive without disc. */
  readonly target: string;
  readonly vdev: Vdev;
  readonly format: "raw" | "qcow" | "qcow2" | "vhd" | "qed";
  readonly readonly: boolean;
  /** xm's `w!`: several guests write it. */
  readonly shareable: boolean;
  readonly device: "disk" | "cdrom";
  readonly discard: boolean;
  /** The program in dom0 that makes the block device: the target is its argument then. */
  readonly script: string | null;
  /** The driver domain that has the disk. */
  readonly backend: string | null;
  readonly words: readonly Word[];
}

interface Fault {
  readonly index: number;
  readonly message: string;
}

const FORMATS = { "": "raw", raw: "raw", qcow: "qcow", qcow2: "qcow2", vhd: "vhd", qed: "qed" } as const;
const ACCESS: Readonly<Record<string, "ro" | "rw" | "shared">> = {
  ...{ "": "rw", r: "ro", ro: "ro", w: "rw", rw: "rw" },
  ...{ "w!": "shared", "rw!": "shared" },
};
const DEVTYPES: Readonly<Record<string, "disk" | "cdrom">> = { disk: "disk", cdrom: "cdrom", "": "disk" };
const BACKENDS = ["", "phy", "tap", "qdisk", "standalone"];

const isOf = <T extends object>(table: T, key: string): key is Extract<keyof T, string> =>
  Object.hasOwn(table, key);

/**
 * Reads a disk specification.
 *
 * @returns the disk, or everything that xl would refuse in it
 */
export const parseDisk = (text: string): DiskSpec | readonly Fault[] => {
  const { words, faults } = splitDisk(text);
  const wrong: Fault[] = [...faults];
  const word = (name: string): Word | null =>
    words.findLast((one) => one.kind !== "prefix" && one.name === name) ?? null;
  const value = <T>(name: string, table: Readonly<Record<string, T>>, otherwise: T): T => {
    const given = word(name);
    if (given === null) return otherwise;
    const found = Object.hasOwn(table, given.text) ? table[given.text] : undefined;
    if (found !== undefined) return found;
    const allowed = Object.keys(table).filter((key) => key !== "" && !key.endsWith("!"));
    wrong.push({ index: given.index, message: `${name} must be ${allowed.join(", ")}, found ${given.text}` });
    return otherwise;
  };
  const prefixes = words.filter(({ kind }) => kind === "prefix").map(({ name }) => name);
  const byPrefix = prefixes.findLast((name) => isOf(FORMATS, name));
  const format = value<DiskSpec["format"]>(
    "format",
    FORMATS,
    byPrefix !== undefined && isOf(FORMATS, byPrefix) ? FORMATS[byPrefix] : "raw",
  );
  const access = value("access", ACCESS, "rw" as const);
  value("backendtype", Object.fromEntries(BACKENDS.map((name) => [name, name])), "");
  const place = word("vdev");
  // `hdc:cdrom`, the old way to say what it is.
  const [, name = "", suffix] = /^(.*?)(?::([^:]*))?$/s.exec(place?.text ?? "") ?? [];
  const vdev = parseVdev(name);
  if (place === null || name === "")
    wrong.push({
      index: place?.index ?? 0,
      message: "there must be a vdev, such as xvda: the guest's name for the disk, found none",
    });
  else if (vdev === null)
    wrong.push({
      index: place.index,
      message: `vdev must be a name such as xvda, hda, sda1 or d0p1, found ${name}`,
    });
  if (suffix !== undefined && !Object.hasOwn(DEVTYPES, suffix))
    wrong.push({
      index: place?.index ?? 0,
      message: `behind the vdev there may be :cdrom or :disk, found :${suffix}`,
    });
  const devtype = value("devtype", DEVTYPES, DEVTYPES[suffix ?? ""] ?? "disk");
  const device = word("cdrom") === null ? devtype : "cdrom";
  const target = word("target")?.text ?? "";
  if (target === "" && device === "disk")
    wrong.push({
      index: 0,
      message: "there must be a target, the disk's file or device; only a cdrom may be empty",
    });
  if (wrong.length > 0 || vdev === null) return wrong;
  const scripted = prefixes.find((one) => /^(iscsi|e?nbd|drbd)$/.test(one));
  return {
    target,
    vdev,
    format,
    readonly: access === "ro" || device === "cdrom",
    shareable: access === "shared",
    device,
    discard: word("no-discard") === null,
    script: word("script")?.text ?? (scripted === undefined ? null : `block-${scripted}`),
    backend: word("backend")?.text ?? null,
    words,
  };
};
