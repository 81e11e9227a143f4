import type { ProfileText } from "../../profile/schema/profile.ts";
import { INPUT_TYPES, type SoundModel } from "../../guest/platform.ts";
import { parseAddress } from "../../values/address.ts";
import { renderSize } from "../../values/size.ts";
import type { Given, Origin, Report } from "../report/report.ts";

/** Devices for which Xen and a profile have the same word, as a profile writes them. */
export type Peripherals = Pick<ProfileText, "input" | "sound" | "filesystems" | "serial" | "numa">;
type Serial = NonNullable<ProfileText["serial"]>[number];
type Filesystem = NonNullable<ProfileText["filesystems"]>[number];

/** Sound cards by the names of QEMU's `-audio` and libvirt's `<sound>`. */
const SOUND: Readonly<Record<string, SoundModel>> = {
  ...{ hda: "ich6", ich6: "ich6", "intel-hda": "ich6", ich9: "ich9", "ich9-intel-hda": "ich9" },
  ...{ ac97: "ac97", usb: "usb", "usb-audio": "usb" },
};

/** Returns the sound card for the cards that a guest has: one that a profile supports, or else the one that most systems have a driver for. */
export const toSound = (
  names: readonly string[],
  origin: Origin,
  report: Report,
): Pick<Peripherals, "sound"> => {
  const wanted = names.map((name) => name.trim().toLowerCase()).filter((name) => name !== "");
  if (wanted.length === 0) {
    report.taken(origin, "none");
    return {};
  }
  const [first] = wanted.flatMap((name) => (Object.hasOwn(SOUND, name) ? (SOUND[name] ?? []) : []));
  if (first === undefined) {
    report.changed(origin, "sound: ac97, because a profile does not support the card", "step");
    return { sound: "ac97" };
  }
  if (wanted.length > 1) report.changed(origin, `sound: ${first}, the only card`, "step");
  else report.taken(origin, `sound: ${first}`);
  return { sound: first };
};

/** Returns a USB tablet, mouse or keyboard; null for another name. */
export const toInput = (name: string): (typeof INPUT_TYPES)[number] | null =>
  INPUT_TYPES.find((type) => type === name) ?? null;

/** The same device once: a second one only disturbs. */
export const withInput = (
  all: Peripherals["input"],
  type: (typeof INPUT_TYPES)[number],
  origin: Origin,
  report: Report,
): NonNullable<Peripherals["input"]> => {
  const known = all ?? [];
  if (known.includes(type)) {
    report.dropped(origin, "duplicate device");
    return known;
  }
  report.taken(origin, `input: ${type}`);
  return [...known, type];
};

const isPath = (text: string): boolean => /^\/[^\u0000-\u001f\u007f-\u009f]*$/.test(text);

/** Reads a character device in the words of QEMU's `-serial`. @returns null for one that a profile does not support */
export const toSerial = (text: string): Serial | null => {
  const [, kind = "", rest = ""] = /^(file|unix|tcp):(.*)$/.exec(text) ?? [];
  const [place = "", ...options] = rest.split(",");
  const listens = options.some((option) => /^server(=on)?$/.test(option));
  if (text === "pty") return { type: "pty" };
  if (text.startsWith("/dev/") && isPath(text)) return { type: "dev", path: text };
  if (kind === "file" && isPath(rest)) return { type: "file", path: rest };
  if (kind === "unix" && listens && isPath(place)) return { type: "unix", path: place };
  const [, host = "", port = ""] = /^(.*):(\d{1,5})$/.exec(place) ?? [];
  const listen = parseAddress(host.replace(/^\[(.*)\]$/, "$1"));
  if (kind !== "tcp" || !listens || !(Number(port) >= 1 && Number(port) <= 65_535)) return null;
  if (host !== "" && listen === null) return null;
  // QEMU listens on all addresses where none is given.
  return { type: "tcp", port: Number(port), listen: listen ?? "0.0.0.0" };
};

/** Ports behind the console: a PC has four in all (QEMU, MAX_ISA_SERIAL_PORTS). */
export const MORE_SERIALS = 3;

/** Says of a serial port that it is behind the console, which every generated guest has. */
export const reportSerial = (serial: Serial, ttys: number, origin: Origin, report: Report): void => {
  report.changed(
    origin,
    `serial: ${serial.type}, behind the console: ttyS${String(ttys)} in the guest`,
    "step",
  );
};

/** Returns a shared directory; null where a profile cannot have it. */
export const toFilesystem = (
  source: string,
  target: string,
  origin: Origin,
  report: Report,
): Filesystem | null => {
  if (!isPath(source) || !/^[^\u0000-\u001f\u007f-\u009f/]{1,35}$/.test(target)) {
    report.dropped(
      origin,
      "a directory of the host: set `filesystems` in the profile, with a name of at most 35 characters",
      "step",
    );
    return null;
  }
  report.changed(
    origin,
    `filesystems: virtiofs instead of 9p; in the guest, mount -t virtiofs ${target} DIRECTORY`,
    "step",
  );
  return { source, target };
};

/** A NUMA node that the guest sees. */
export interface SourceCell extends Origin {
  readonly cpus: string;
  readonly kib: number;
}

const cpusIn = (text: string): readonly number[] =>
  text.split(",").flatMap((part) => {
    const [first = NaN, last = first] = part.split("-").map(Number);
    return Number.isInteger(first) && Number.isInteger(last) && last - first < 512
      ? Array.from({ length: last - first + 1 }, (_, at) => first + at)
      : [NaN];
  });

/**
 * Returns the guest's own NUMA nodes where libvirt takes them: together they have all of its memory, and each of its vCPUs once.
 *
 * @param places what stands for them in the report
 */
export const toCells = (
  cells: readonly SourceCell[],
  maxKib: number | null,
  maxVcpus: number,
  places: readonly Origin[],
  report: Report,
): Pick<Peripherals, "numa"> => {
  if (cells.length === 0) return {};
  const cpus = cells.flatMap((cell) => cpusIn(cell.cpus)).sort((a, b) => a - b);
  const fits =
    cells.every(({ kib }) => Number.isInteger(kib)) &&
    cells.reduce((sum, { kib }) => sum + kib, 0) === maxKib &&
    cpus.length === maxVcpus &&
    cpus.every((cpu, at) => cpu === at);
  for (const place of places)
    if (fits)
      report.changed(
        place,
        "numa: the guest's nodes, on any node of the host, with default distances",
        "step",
      );
    else
      report.dropped(
        place,
        "NUMA nodes that do not have all memory and each vCPU once: set `numa` in the profile",
        "step",
      );
  if (!fits) return {};
  return { numa: { cells: cells.map(({ cpus: set, kib }) => ({ cpus: set, memory: renderSize(kib) })) } };
};

/** The memory and the vCPUs that cells divide. */
export interface Divided {
  readonly memory: Given<number> | null;
  readonly maxMemory: Given<number> | null;
  readonly vcpus: Given<number> | null;
  readonly maxVcpus: Given<number> | null;
}

export const maxOf = ({
  memory,
  maxMemory,
  vcpus,
  maxVcpus,
}: Divided): readonly [kib: number | null, vcpus: number] => [
  (maxMemory ?? memory)?.value ?? null,
  (maxVcpus ?? vcpus)?.value ?? 1,
];
