import type { Issue } from "../../values/issue.ts";
import { type JsonObject } from "../../values/json.ts";
import { cdromsOf, disksOf, type Placed } from "../../text/unchecked.ts";
import type { Document } from "../../text/document.ts";
import { found } from "../../text/schema.ts";

type DiskRule = (disk: Placed<JsonObject>, document: Document) => readonly Issue[];

/** A path, or a volume of a pool, and only a CD-ROM drive may be empty. */
const source =
  (mayBeEmpty: (disk: JsonObject) => boolean): DiskRule =>
  ({ value: disk, path }, { issue }) => {
    const has = (key: string): boolean => disk[key] !== undefined;
    const use = 'use "source": "/path", or "pool" and "volume"';
    if (has("source") && (has("pool") || has("volume"))) {
      const other = has("pool") ? "pool" : "volume";
      return [
        issue(
          "disk-source",
          [...path, other],
          `has both "source" and "${other}", found ${found(disk[other])}: ${use}`,
        ),
      ];
    }
    if (has("pool") !== has("volume")) {
      const [there, missing] = has("pool") ? ["pool", "volume"] : ["volume", "pool"];
      return [issue("disk-source", path, `has "${there}" without "${missing}": ${use}`)];
    }
    return has("source") || has("pool") || mayBeEmpty(disk)
      ? []
      : [issue("disk-source", path, `has neither "source" nor "pool" and "volume": ${use}`)];
  };

/** QEMU has no read-only SATA disk, and libvirt reports it only at define: "readonly sata disks are not supported". */
const readonlyBus: DiskRule = ({ value: disk, path }, { issue }) =>
  disk["readonly"] === true && disk["bus"] === "sata" && disk["device"] !== "cdrom"
    ? [
        issue(
          "wrong-choice",
          [...path, "bus"],
          'a read-only disk must be on "virtio" or "scsi", found "sata"',
        ),
      ]
    : [];

/** libvirt refuses virtio CD-ROM drives at define. */
const cdromBus: DiskRule = ({ value: drive, path }, { issue }) =>
  drive["bus"] === "virtio"
    ? [issue("wrong-choice", [...path, "bus"], 'a CD-ROM drive must be on "sata" or "scsi", found "virtio"')]
    : [];

/** qcow2 and its like have metadata that two writers would destroy (virStorageFileSupportsSharing). */
const shareableFormat: DiskRule = ({ value: disk, path }, { issue }) => {
  const name = [disk["source"], disk["volume"]].find((text) => typeof text === "string") ?? "";
  const ending = /\.(qcow2?|qed|vmdk|vdi|vhd|vhdx)$/.exec(name)?.[1];
  const format = disk["format"] ?? ending ?? "raw";
  return disk["shareable"] === true && format !== "raw"
    ? [
        issue(
          "wrong-choice",
          [...path, "shareable"],
          `a shareable disk must have "format": "raw", found ${found(format)}`,
        ),
      ]
    : [];
};

/** libvirt counts on the name: vda is virtio, and QEMU has no virtio disk of another name. */
const targetBus: DiskRule = ({ value: disk, path }, { issue }) => {
  const { target, bus } = disk;
  if (typeof target !== "string" || typeof bus !== "string") return [];
  return target.startsWith("vd") !== (bus === "virtio")
    ? [
        issue(
          "wrong-choice",
          [...path, "target"],
          `must begin with ${bus === "virtio" ? '"vd"' : '"sd"'} on bus "${bus}", found ${found(target)}`,
        ),
      ]
    : [];
};

/** Checks rules between the parts of one disk, which a schema cannot express. */
export const checkDisks = (document: Document): readonly Issue[] => {
  const isCdrom = (disk: JsonObject): boolean => disk["device"] === "cdrom";
  const rulesOf = (disk: JsonObject): readonly DiskRule[] =>
    isCdrom(disk)
      ? [source(isCdrom), cdromBus, targetBus]
      : [source(isCdrom), readonlyBus, shareableFormat, targetBus];
  return [
    ...disksOf(document).flatMap((disk) => rulesOf(disk.value).flatMap((rule) => rule(disk, document))),
    ...cdromsOf(document).flatMap((drive) =>
      [source(() => true), cdromBus, targetBus].flatMap((rule) => rule(drive, document)),
    ),
  ];
};
