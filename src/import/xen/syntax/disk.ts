import { parseVdev, type Vdev } from "./vdev.ts";

/** One word of a disk or vif specification, and where in the text it begins. */
export interface Word {
  readonly kind: "prefix" | "key" | "flag" | "positional";
  /** `format`, `vdev` …; the word itself of a flag or prefix; the key of a positional value. */
  readonly name: string;
  readonly text: string;
  readonly index: number;
}

const DISK_KEYS = [
  ...["target", "format", "vdev", "access", "devtype", "backend", "backendtype", "script", "specification"],
  ...["colo-host", "colo-port", "colo-export", "active-disk", "hidden-disk"],
] as const;
const DISK_FLAGS = [
  ...["cdrom", "discard", "no-discard", "direct-io-safe", "colo", "no-colo", "trusted", "untrusted"],
] as const;

// libxlu_disk_l.l: these are stripped wherever an item begins.
const PREFIX = /^(raw|qcow2?|vhd|iscsi|e?nbd|drbd|tap2?|tapdisk|aio|ioemu|file|phy):/;
const UNKNOWN_PREFIX = /^([a-z][a-z0-9]*):(?![a-z0-9])/;

/** Keys of positional values, in their order. */
const POSITIONS = ["target", "format", "vdev", "access"] as const;

export interface DiskWords {
  readonly words: readonly Word[];
  /** A text that is not in the grammar, with its position. */
  readonly faults: readonly { readonly index: number; readonly message: string }[];
}

/** Takes a disk specification apart (xl-disk-configuration(5), libxlu_disk_l.l). */
const splitDisk = (text: string): DiskWords => {
  const words: Word[] = [];
  const faults: { index: number; message: string }[] = [];
  const taken = new Set<string>();
  let index = 0;
  const put = (kind: Word["kind"], name: string, value: string, at: number): void => {
    if (taken.has(name) && kind !== "prefix") faults.push({ index: at, message: `${name} is set twice` });
    taken.add(name);
    words.push({ kind, name, text: value, index: at });
  };
  while (index < text.length) {
    index += /^[ \t\n]*/.exec(text.slice(index))?.[0].length ?? 0;
    if (index >= text.length) break;
    const rest = text.slice(index);
    const prefix = PREFIX.exec(rest)?.[1];
    if (prefix !== undefined) {
      put("prefix", prefix, prefix, index);
      // Behind a prefix there is no positional format.
      taken.add("format");
      index += prefix.length + 1;
      continue;
    }
    if (rest.startsWith("target=")) {
      put("key", "target", rest.slice(7), index);
      break;
    }
    const end = rest.indexOf(",");
    const item = end < 0 ? rest : rest.slice(0, end);
    // `,hdc:cdrom,r`, an empty drive: an item like this is not a format.
    if (item.includes(":") && words.some(({ name, text: target }) => name === "target" && target === ""))
      taken.add("format");
    const key = /^([A-Za-z][-A-Za-z0-9_]*)=(.*)$/s.exec(item);
    const unknown = UNKNOWN_PREFIX.exec(item)?.[1];
    if (key !== null && DISK_KEYS.some((known) => known === key[1]))
      put("key", key[1] ?? "", key[2] ?? "", index);
    else if (DISK_FLAGS.some((known) => known === item)) put("flag", item, item, index);
    else if (item.includes("=")) {
      faults.push({
        index,
        message: `must be one of the keys ${DISK_KEYS.slice(0, 9).join(", ")} (for a path with =, use target= as the last item), found ${item}`,
      });
    } else {
      if (unknown !== undefined)
        faults.push({
          index,
          message: `must begin with a path or a known prefix such as file:, phy:, tap:aio:, found ${unknown}:`,
        });
      const name = POSITIONS.find((candidate) => !taken.has(candidate));
      if (name === undefined)
        faults.push({
          index,
          message: `must have at most target, format, vdev and access, found ${item}`,
        });
      else put("positional", name, item, index);
    }
    index += item.length + 1;
  }
  return { words, faults };
};

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
  // `hdc:cdrom`, the old notation.
  const [, name = "", suffix] = /^(.*?)(?::([^:]*))?$/s.exec(place?.text ?? "") ?? [];
  const vdev = parseVdev(name);
  if (place === null || name === "")
    wrong.push({
      index: place?.index ?? 0,
      message: "must have a vdev such as xvda (the disk name in the guest), found none",
    });
  else if (vdev === null)
    wrong.push({
      index: place.index,
      message: `vdev must be a name such as xvda, hda, sda1 or d0p1, found ${name}`,
    });
  if (suffix !== undefined && !Object.hasOwn(DEVTYPES, suffix))
    wrong.push({
      index: place?.index ?? 0,
      message: `vdev suffix must be :cdrom or :disk, found :${suffix}`,
    });
  const devtype = value("devtype", DEVTYPES, DEVTYPES[suffix ?? ""] ?? "disk");
  const device = word("cdrom") === null ? devtype : "cdrom";
  const target = word("target")?.text ?? "";
  if (target === "" && device === "disk")
    wrong.push({
      index: 0,
      message: "must have a target, the file or device of the disk; only a cdrom may be empty",
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
