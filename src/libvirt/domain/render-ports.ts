import type { XmlElement } from "../../xml/render-element.ts";
import { settle } from "./render-merge.ts";
import { attributeOf, childOf, childrenOf } from "./render-tree.ts";

/** A q35 guest can be given a device while it runs only where a root port is free for it. */
const SPARE = 4;

/** How many root ports the devices take. What libvirt puts on the root bus itself (SATA, the first video) takes none. */
const taken = (devices: XmlElement): number => {
  const all = childrenOf(devices);
  const count = (isOne: (device: XmlElement, name: string) => boolean): number =>
    all.filter((device) => isOne(device, device.name)).length;
  const target = (device: XmlElement, name: string) => attributeOf(childOf(device, "target"), name);
  const isSerial = (device: XmlElement, name: string): boolean =>
    ["channel", "console"].includes(name) && target(device, "type") === "virtio";
  return (
    count((_, name) => ["interface", "rng", "hostdev", "filesystem", "vsock"].includes(name)) +
    count((device, name) => name === "disk" && target(device, "bus") === "virtio") +
    count((device, name) => name === "controller" && attributeOf(device, "type") === "scsi") +
    count((device, name) => name === "memballoon" && attributeOf(device, "model") !== "none") +
    count((device, name) => name === "input" && attributeOf(device, "bus") === "virtio") +
    // A PCIe USB controller; the old kinds are part of the chipset.
    count((device, name) => name === "controller" && attributeOf(device, "model") === "qemu-xhci") +
    // It is a PCI device of old: libvirt puts a bridge into a root port for it.
    count((device, name) => name === "watchdog" && attributeOf(device, "model") === "i6300esb") +
    // All virtio channels are behind one controller.
    Math.min(1, count(isSerial))
  );
};

/**
 * Adds the PCIe root ports that the devices need, and spare ones. A template that has ports is left alone unless the
 * profile asks: what is missing there libvirt adds at define.
 */
export const renderPorts = (domain: XmlElement, devices: XmlElement, spare: number | null): void => {
  const machine = attributeOf(childOf(childOf(domain, "os") ?? domain, "type"), "machine") ?? "";
  const pci = childrenOf(devices, "controller").filter((one) => attributeOf(one, "type") === "pci");
  const ports = pci.filter((one) => attributeOf(one, "model") === "pcie-root-port").length;
  if (!machine.includes("q35") || (spare === null && ports > 0)) return;
  const wanted = taken(devices) + (spare ?? SPARE);
  let index = Math.max(0, ...pci.map((one) => Number(attributeOf(one, "index") ?? 0)));
  for (let port = ports; port < wanted; port += 1) {
    index += 1;
    settle(
      devices,
      devices.ele("controller", { type: "pci", index: String(index), model: "pcie-root-port" }),
    );
  }
};
