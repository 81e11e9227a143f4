import type { Disk, DiskBus, DiskSource } from "../../../guest/disk.ts";
import { replaced, withoutNamed } from "../../../xml/edit.ts";
import {
  attribute,
  type Attributes,
  child,
  childrenOf,
  element,
  text,
  type XmlElement,
} from "../../../xml/tree.ts";
import { merged, type Owned, withDevice } from "./merge-device.ts";

const OWNED: Owned = {
  attributes: [],
  children: ["source", "readonly", "shareable"],
  driver: ["name", "type", "cache", "io", "discard", "detect_zeroes", "iothread"],
};

/** The attributes of `<source>`; null where there is none. */
const sourceAttributes = (source: DiskSource): Attributes | null => {
  switch (source.kind) {
    case "file":
      return { file: source.path };
    case "block":
      return { dev: source.path };
    case "volume":
      return { pool: source.pool, volume: source.volume };
    case "empty":
      return null;
  }
};

// Linux AIO needs O_DIRECT, which these two are; on qcow2 it may still block on metadata.
const isDirect = ({ cache, format }: Disk): boolean =>
  format === "raw" && (cache === "none" || cache === "directsync");

/** Makes one `<disk>`. @param iothread number of the thread that serves it, or null */
const diskElement = (disk: Disk, target: string, iothread: number | null): XmlElement => {
  const type = disk.source.kind === "empty" ? "file" : disk.source.kind;
  const source = sourceAttributes(disk.source);
  const driver = {
    name: "qemu",
    type: disk.format,
    ...(disk.cache === null ? {} : { cache: disk.cache }),
    ...(isDirect(disk) ? { io: "native" } : {}),
    ...(disk.discard && !disk.readonly ? { discard: "unmap", detect_zeroes: "unmap" } : {}),
    ...(iothread === null ? {} : { iothread: String(iothread) }),
  };
  return element("disk", { type, device: disk.device }, [
    element("driver", driver),
    ...(source === null ? [] : [element("source", source)]),
    element("target", { dev: target, bus: disk.bus }),
    ...(disk.readonly ? [element("readonly")] : []),
    ...(disk.shareable ? [element("shareable")] : []),
    ...(disk.serial === null ? [] : [element("serial", {}, [text(disk.serial)])]),
    ...(disk.bootOrder === null ? [] : [element("boot", { order: String(disk.bootOrder) })]),
  ]);
};

const LETTERS: Readonly<Record<DiskBus, string>> = { virtio: "vd", scsi: "sd", sata: "sd" };

/** 0 is `a`, 25 `z`, 26 `aa`: how Linux and libvirt count disks. */
const letters = (number: number): string =>
  `${number < 26 ? "" : letters(Math.floor(number / 26) - 1)}${String.fromCharCode(97 + (number % 26))}`;

const targetOf = (disk: XmlElement): string => attribute(child(disk, "target"), "dev") ?? "";

/** Returns whether a disk of the template has the same contents, or is a drive that is empty as well. */
const hasSource = (old: XmlElement, { source, device }: Disk): boolean => {
  const wanted = sourceAttributes(source);
  const there = child(old, "source");
  if (wanted === null || there === null)
    return wanted === null && there === null && attribute(old, "device") === device;
  return Object.entries(wanted).every(([name, value]) => attribute(there, name) === value);
};

/** A disk of the profile with its target, and the disk of the template that it is. */
interface MatchedDisk {
  readonly disk: Disk;
  readonly target: string;
  readonly old: XmlElement | null;
}

/**
 * Which disk of the template each one is: the one with the target that the profile names, else the one with the same
 * contents. A disk that is none of them gets the first name that neither the profile nor the template has.
 */
const match = (devices: XmlElement, disks: readonly Disk[]): readonly MatchedDisk[] => {
  const there = childrenOf(devices, "disk");
  const taken = new Set([...disks.flatMap(({ target }) => target ?? []), ...there.map(targetOf)]);
  const claimed = new Set(disks.flatMap(({ target }) => target ?? []));
  const free = (bus: DiskBus): string => {
    let number = 0;
    while (taken.has(`${LETTERS[bus]}${letters(number)}`)) number += 1;
    const name = `${LETTERS[bus]}${letters(number)}`;
    taken.add(name);
    return name;
  };
  return disks.map((disk) => {
    const same = there.find((old) =>
      disk.target === null
        ? hasSource(old, disk) && !claimed.has(targetOf(old))
        : targetOf(old) === disk.target,
    );
    const old = same ?? null;
    const target = disk.target ?? (old === null ? free(disk.bus) : targetOf(old));
    claimed.add(target);
    return { disk, target, old };
  });
};

const withController = (devices: XmlElement, iothreads: number): XmlElement => {
  const controllers = childrenOf(devices, "controller");
  if (controllers.some((one) => attribute(one, "type") === "scsi")) return devices;
  const driver = iothreads > 0 ? [element("driver", { iothread: "1" })] : [];
  const attributes = { type: "scsi", index: "0", model: "virtio-scsi" };
  return withDevice(devices, element("controller", attributes, driver));
};

/**
 * Writes the disks, each over the one of the template that it is.
 *
 * @param iothreads how many threads serve them, in turn
 * @returns the devices, and the disks' elements among them
 */
export const withDisks = (
  devices: XmlElement,
  disks: readonly Disk[],
  iothreads: number,
): { readonly devices: XmlElement; readonly named: readonly XmlElement[] } => {
  const virtio = disks.filter(({ bus }) => bus === "virtio");
  const named: XmlElement[] = [];
  let all = disks.some(({ bus }) => bus === "scsi") ? withController(devices, iothreads) : devices;
  for (const { disk, target, old } of match(all, disks)) {
    const turn = virtio.indexOf(disk);
    const fresh = diskElement(disk, target, turn < 0 || iothreads === 0 ? null : (turn % iothreads) + 1);
    if (old === null) {
      all = withDevice(all, fresh);
      named.push(fresh);
      continue;
    }
    // An address belongs to a bus.
    const sameBus = attribute(child(old, "target"), "bus") === disk.bus;
    const written = merged(sameBus ? old : withoutNamed(old, "address"), fresh, OWNED);
    all = replaced(all, old, written);
    named.push(written);
  }
  return { devices: all, named };
};
