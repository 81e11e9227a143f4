import type { Disk, DiskBus } from "../model/profile.ts";
import type { WrittenDisk } from "./written-disk.ts";

const LETTERS: Readonly<Record<DiskBus, string>> = { virtio: "vd", scsi: "sd", sata: "sd" };

/** 0 is `a`, 25 `z`, 26 `aa`: how Linux and libvirt count disks. */
const letters = (number: number): string =>
  `${number < 26 ? "" : letters(Math.floor(number / 26) - 1)}${String.fromCharCode(97 + (number % 26))}`;

/** Disks in order, each with the first target name that no other has taken or asks for. */
export const normalizeDisks = (written: readonly WrittenDisk[]): readonly Disk[] => {
  const taken = new Set(written.flatMap((disk) => disk.target ?? []));
  const free = (bus: DiskBus): string => {
    let number = 0;
    while (taken.has(`${LETTERS[bus]}${letters(number)}`)) number += 1;
    const name = `${LETTERS[bus]}${letters(number)}`;
    taken.add(name);
    return name;
  };
  return written.map((disk) => {
    const bus = disk.bus ?? "virtio";
    return {
      kind: disk.source.startsWith("/dev/") ? "block" : "file",
      source: disk.source,
      target: disk.target ?? free(bus),
      bus,
      format: disk.format ?? (disk.source.endsWith(".qcow2") ? "qcow2" : "raw"),
      readonly: disk.readonly ?? false,
      serial: disk.serial ?? null,
    };
  });
};
