import { attribute, child, childrenOf, element, type XmlElement } from "../../../xml/tree.ts";
import { withDevice } from "./merge-device.ts";

/** Returns the number of root ports for the devices. Devices that libvirt puts on the root bus (SATA, the first video) need none. */
const portsTaken = (devices: XmlElement): number => {
  const all = childrenOf(devices);
  const count = (isOne: (device: XmlElement, name: string) => boolean): number =>
    all.filter((device) => isOne(device, device.name)).length;
  const target = (device: XmlElement, name: string) => attribute(child(device, "target"), name);
  const isSerial = (device: XmlElement, name: string): boolean =>
    ["channel", "console"].includes(name) && target(device, "type") === "virtio";
  return (
    count((_, name) => ["interface", "rng", "hostdev", "filesystem", "vsock"].includes(name)) +
    count((device, name) => name === "disk" && target(device, "bus") === "virtio") +
    count((device, name) => name === "controller" && attribute(device, "type") === "scsi") +
    count((device, name) => name === "memballoon" && attribute(device, "model") !== "none") +
    count((device, name) => name === "input" && attribute(device, "bus") === "virtio") +
    // A PCIe USB controller; the old kinds are part of the chipset.
    count((device, name) => name === "controller" && attribute(device, "model") === "qemu-xhci") +
    // It is a PCI device of old: libvirt puts a bridge into a root port for it.
    count((device, name) => name === "watchdog" && attribute(device, "model") === "i6300esb") +
    // All virtio channels are behind one controller.
    Math.min(1, count(isSerial))
  );
};

/**
 * Adds the PCIe root ports that the devices need, and spare ones: a guest with PCIe (q35, virt) takes a new device while it runs only where
 * one is free. libvirt adds those that are missing at define.
 *
 * @param machine the guest's machine type
 * @param spare number of free ports; null changes nothing
 */
export const withRootPorts = (devices: XmlElement, machine: string, spare: number | null): XmlElement => {
  const pci = childrenOf(devices, "controller").filter((one) => attribute(one, "type") === "pci");
  const ports = pci.filter((one) => attribute(one, "model") === "pcie-root-port").length;
  if (!/q35|^virt/.test(machine) || spare === null) return devices;
  const missing = Math.max(0, portsTaken(devices) + spare - ports);
  const last = Math.max(0, ...pci.map((one) => Number(attribute(one, "index") ?? 0)));
  return Array.from({ length: missing }, (_, number) => String(last + 1 + number)).reduce(
    (all, index) => withDevice(all, element("controller", { type: "pci", index, model: "pcie-root-port" })),
    devices,
  );
};
