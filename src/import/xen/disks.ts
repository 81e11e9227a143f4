import { type DiskSpec, parseDisk } from "./syntax/disk.ts";
import { placeIn, type TextValue } from "./syntax/value.ts";
import { guestNameOf } from "./syntax/vdev.ts";
import type { Origin } from "../report/report.ts";
import type { KeyReader } from "./key-reader.ts";
import type { SourceDisk } from "../source-guest.ts";

const FORMATS = { raw: "raw", qcow: "qcow", qcow2: "qcow2", vhd: "vpc", qed: "qed" } as const;

const wordsOf = (spec: DiskSpec, value: TextValue, path: Origin["path"]): ReadonlyMap<string, Origin> =>
  new Map(
    spec.words.map(({ kind, name, text, index }) => {
      const found = kind === "key" || kind === "positional" ? text : "";
      return [name, { at: placeIn(value, index), path: [...path, name], found }];
    }),
  );

const toSource = (spec: DiskSpec, words: SourceDisk["words"], origin: Origin): SourceDisk => ({
  ...origin,
  words,
  target: spec.target,
  vdev: guestNameOf(spec.vdev),
  family: spec.vdev.family,
  index: spec.vdev.disk,
  partition: spec.vdev.partition,
  format: FORMATS[spec.format],
  device: spec.device,
  readonly: spec.readonly,
  shareable: spec.shareable,
  discard: spec.discard,
  script: spec.script,
  backend: spec.backend,
});

/** The disks, each word of them accounted for: here those that change nothing, the others where they are used. */
export const readXenDisks = (keys: KeyReader): readonly SourceDisk[] => {
  const { report } = keys;
  const seen = new Map<string, number>();
  return keys.items("disk").flatMap(({ value, origin }, index): readonly SourceDisk[] => {
    const spec = parseDisk(value.text);
    if (!("vdev" in spec)) {
      for (const { index: where, message } of spec)
        report.refuse("xen-disk", { at: placeIn(value, where), path: origin.path }, message);
      return [];
    }
    const words = wordsOf(spec, value, origin.path);
    const disk = toSource(spec, words, origin);
    const before = seen.get(disk.vdev);
    if (before !== undefined)
      report.refuse("xen-disk", origin, `vdev ${disk.vdev} is already used by disk[${before}]`);
    seen.set(disk.vdev, index);
    if (spec.words.some(({ name }) => name === "access") && disk.shareable)
      report.changed(
        { ...origin, path: [...origin.path, "access"], found: "w!" },
        "xm's name for shareable, a disk that several guests write",
      );
    return [disk];
  });
};
