import type { XmlElement } from "../../xml/render-element.ts";
import type { Disk, DiskBus } from "../../guest/disk.ts";
import { renderDisk, sourceAttributes } from "./render-disk.ts";
import { merge, type Owned, settle } from "./render-merge.ts";
import { attributeOf, childOf, childrenOf, dropAll } from "./render-tree.ts";

const OWNED: Owned = {
  attributes: [],
  children: ["source", "readonly", "shareable"],
  driver: ["name", "type", "cache", "io", "discard", "detect_zeroes", "iothread"],
};

const LETTERS: Readonly<Record<DiskBus, string>> = { virtio: "vd", scsi: "sd", sata: "sd" };

/** 0 is `a`, 25 `z`, 26 `aa`: how Linux and libvirt count disks. */
const letters = (number: number): string =>
  `${number < 26 ? "" : letters(Math.floor(number / 26) - 1)}${String.fromCharCode(97 + (number % 26))}`;

const targetOf = (disk: XmlElement): string => attributeOf(childOf(disk, "target"), "dev") ?? "";

/** Whether a disk of the template has the same contents, or is a drive that is empty as well. */
const hasSource = (old: XmlElement, { source, device }: Disk): boolean => {
  const wanted = sourceAttributes(source);
  const there = childOf(old, "source");
  if (wanted === null || there === null)
    return wanted === null && there === null && attributeOf(old, "device") === device;
  return Object.entries(wanted).every(([name, value]) => attributeOf(there, name) === value);
};

interface Placed {
  readonly disk: Disk;
  readonly target: string;
  readonly old: XmlElement | null;
}

/**
 * Which disk of the template each one is: the one with the target that the profile names, else the one with the same
 * contents. A disk that is none of them gets the first name that neither the profile nor the template has.
 */
const placeDisks = (devices: XmlElement, disks: readonly Disk[]): readonly Placed[] => {
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

const renderController = (devices: XmlElement, iothreads: number): void => {
  const controllers = childrenOf(devices, "controller");
  if (controllers.some((one) => attributeOf(one, "type") === "scsi")) return;
  const controller = devices.ele("controller", { type: "scsi", index: "0", model: "virtio-scsi" });
  if (iothreads > 0) controller.ele("driver", { iothread: "1" });
  settle(devices, controller);
};

/**
 * Writes the disks, each over the one of the template that it is.
 *
 * @param iothreads how many threads serve them
 * @returns their elements
 */
export const renderDisks = (
  devices: XmlElement,
  disks: readonly Disk[],
  iothreads: number,
): readonly XmlElement[] => {
  if (disks.some(({ bus }) => bus === "scsi")) renderController(devices, iothreads);
  const virtio = disks.filter(({ bus }) => bus === "virtio");
  return placeDisks(devices, disks).map(({ disk, target, old }) => {
    const turn = virtio.indexOf(disk);
    const element = renderDisk(
      devices,
      disk,
      target,
      turn < 0 || iothreads === 0 ? null : (turn % iothreads) + 1,
    );
    if (old === null) {
      settle(devices, element);
      return element;
    }
    // An address belongs to a bus.
    if (attributeOf(childOf(old, "target"), "bus") !== disk.bus) dropAll(old, "address");
    merge(old, element, OWNED);
    return old;
  });
};
