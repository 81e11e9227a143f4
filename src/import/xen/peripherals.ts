import type { Origin } from "../report/report.ts";
import {
  type Divided,
  maxOf,
  MORE_SERIALS,
  type Peripherals,
  reportSerial,
  type SourceCell,
  toCells,
  toFilesystem,
  toInput,
  toSerial,
  toSound,
  withInput,
} from "../to-profile/peripherals.ts";
import type { KeyReader } from "./key-reader.ts";

/** `serial`: the first port that is a terminal is the console; a port that a profile does not support is a step. */
const readSerial = (keys: KeyReader): Pick<Peripherals, "serial"> => {
  const ports: NonNullable<Peripherals["serial"]> = [];
  for (const [index, { value, origin }] of keys.itemsOrText("serial").entries()) {
    const text = value.text.trim();
    const port = ports.length < MORE_SERIALS ? toSerial(text) : null;
    if (index === 0 && text === "pty") keys.report.taken(origin, "the serial console: `virsh console`");
    else if (text === "none" || text === "") keys.report.taken(origin, "none");
    else if (port === null)
      keys.report.changed(
        origin,
        "another kind of serial port; the guest has one for `virsh console`, add others to a template",
        "step",
      );
    else {
      ports.push(port);
      reportSerial(port, ports.length, origin, keys.report);
    }
  }
  return ports.length === 0 ? {} : { serial: ports };
};

const readSound = (keys: KeyReader): Pick<Peripherals, "sound"> => {
  const cards = keys.text("soundhw");
  return cards === null ? {} : toSound(cards.value.split(","), cards, keys.report);
};

const readInput = (keys: KeyReader): Pick<Peripherals, "input"> => {
  let input: Peripherals["input"];
  for (const { value, origin } of keys.itemsOrText("usbdevice")) {
    const type = toInput(value.text.trim());
    if (type !== null) input = withInput(input, type, origin, keys.report);
  }
  return input === undefined ? {} : { input };
};

const wordsIn = (text: string): ReadonlyMap<string, string> =>
  new Map(
    text.split(",").flatMap((word): readonly (readonly [string, string])[] => {
      const [, key, value] = /^\s*([\w-]+)\s*=\s*(.*?)\s*$/.exec(word) ?? [];
      return key === undefined || value === undefined ? [] : [[key, value]];
    }),
  );

/** `p9`: `tag=TAG,path=PATH,security_model=none` (xl.cfg(5)). */
const readFilesystems = (keys: KeyReader): Pick<Peripherals, "filesystems"> => {
  const shared = keys.items("p9").flatMap(({ value, origin }) => {
    const words = wordsIn(value.text);
    return toFilesystem(words.get("path") ?? "", words.get("tag") ?? "", origin, keys.report) ?? [];
  });
  return shared.length === 0 ? {} : { filesystems: shared };
};

/** `vnuma`: `[ [ "pnode=0", "size=2048", "vcpus=0-1", "vdistances=10,20" ], … ]`, sizes in MiB (xl.cfg(5)). */
const readCells = (keys: KeyReader, divided: Divided): Pick<Peripherals, "numa"> => {
  const whole: Origin = keys.origin("vnuma");
  const cells = keys.lists("vnuma").map((words): SourceCell => {
    const cell = wordsIn(words.map((word) => word.replaceAll(",", ";")).join(","));
    return {
      ...whole,
      cpus: (cell.get("vcpus") ?? "").replaceAll(";", ","),
      kib: Number(cell.get("size") ?? NaN) * 1024,
    };
  });
  const [kib, vcpus] = maxOf(divided);
  return toCells(cells, kib, vcpus, [whole], keys.report);
};

/** Reads devices and NUMA nodes that a profile has a word for. */
export const readPeripherals = (keys: KeyReader, divided: Divided): Peripherals => ({
  ...readSerial(keys),
  ...readSound(keys),
  ...readInput(keys),
  ...readFilesystems(keys),
  ...readCells(keys, divided),
});
