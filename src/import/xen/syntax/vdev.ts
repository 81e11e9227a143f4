/** The guest's name for a disk: xen-vbd-interface(7). */
export interface Vdev {
  readonly name: string;
  /** Prefix of the guest's names for it; numbered ones (`d3p2`, 51712) are `xvd` to Linux. */
  readonly family: "xvd" | "hd" | "sd";
  /** 0 is `a`. */
  readonly disk: number;
  /** 0 is the whole disk. */
  readonly partition: number;
}

// How many partitions the device numbers have room for, and how many disks: `xvda`–`xvdp` in the old scheme, more in the new one.
const MOST = {
  xvd: { disks: 1 << 20, partitions: 255 },
  hd: { disks: 4, partitions: 63 },
  sd: { disks: 16, partitions: 15 },
};

const toIndex = (letters: string): number =>
  Array.from(letters).reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 96, 0) - 1;

/** 0 is `a`, 25 `z`, 26 `aa`. */
export const toLetters = (index: number): string =>
  `${index < 26 ? "" : toLetters(Math.floor(index / 26) - 1)}${String.fromCharCode(97 + (index % 26))}`;

const make = (name: string, family: Vdev["family"], disk: number, partition: number): Vdev | null =>
  disk >= 0 && disk < MOST[family].disks && partition <= MOST[family].partitions
    ? { name, family, disk, partition }
    : null;

/** A raw number is the device number itself: majors 202 (xvd), 3 and 22 (hd), 8 (sd), or bit 28 for the new scheme. */
const fromNumber = (name: string, number: number): Vdev | null => {
  if (number >= 1 << 28) return make(name, "xvd", (number & 0xfffffff) >> 8, number & 255);
  const [major, minor] = [number >> 8, number & 255];
  if (major === 202) return make(name, "xvd", minor >> 4, minor & 15);
  if (major === 8) return make(name, "sd", minor >> 4, minor & 15);
  if (major === 3 || major === 22) return make(name, "hd", (major === 22 ? 2 : 0) + (minor >> 6), minor & 63);
  return null;
};

/** A number of any base, as strtoul(3) and sscanf's `%i` read it: `0x` is hexadecimal, a leading 0 octal. */
const toNumber = (text: string): number | null => {
  if (/^(0x[0-9a-f]{1,8}|[1-9]\d{0,9})$/i.test(text)) return Number(text);
  return /^0[0-7]{0,11}$/.test(text) ? Number.parseInt(text, 8) : null;
};

/** @returns the virtual device, or null for one that is unknown to xl */
export const parseVdev = (name: string): Vdev | null => {
  const lettered = /^(xvd|hd|sd)([a-z]{1,4})([1-9]\d{0,2})?$/.exec(name);
  if (lettered !== null) {
    const [, family, letters = "", partition] = lettered;
    if (family === "xvd" || family === "hd" || family === "sd")
      return make(name, family, toIndex(letters), Number(partition ?? 0));
  }
  const [, disk, partition = "0"] = /^d([0-9a-fx]+)(?:p([0-9a-fx]+))?$/i.exec(name) ?? [];
  if (disk !== undefined) return make(name, "xvd", toNumber(disk) ?? -1, toNumber(partition) ?? Infinity);
  const number = toNumber(name);
  return number === null ? null : fromNumber(name, number);
};

/** Returns the name in a Linux guest: `/dev/xvda2` without `/dev/`. A hd* of a paravirtual guest keeps its letters. */
export const guestNameOf = ({ family, disk, partition }: Vdev): string =>
  `${family}${toLetters(disk)}${partition === 0 ? "" : String(partition)}`;
