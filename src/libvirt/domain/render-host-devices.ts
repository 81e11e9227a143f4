import type { XmlElement } from "../../xml/render-element.ts";
import type { HostDevice } from "../../guest/hardware.ts";
import { covers, settle } from "./render-merge.ts";
import { attributeOf, childrenOf } from "./render-tree.ts";

const append = (devices: XmlElement, device: HostDevice): XmlElement => {
  if (device.kind === "usb") {
    const element = devices.ele("hostdev", { mode: "subsystem", type: "usb" });
    element.ele("source").ele("vendor", { id: device.vendor }).up().ele("product", { id: device.product });
    return element;
  }
  const { domain, bus, slot, function: fn } = device.source;
  const element = devices.ele("hostdev", {
    mode: "subsystem",
    type: "pci",
    managed: device.managed ? "yes" : "no",
  });
  const address = { domain: `0x${domain}`, bus: `0x${bus}`, slot: `0x${slot}`, function: `0x${fn}` };
  element.ele("source").ele("address", address);
  return element;
};

/** A template without USB gets a controller: libvirt refuses USB devices where there is none. */
const addUsb = (devices: XmlElement): void => {
  const none = childrenOf(devices, "controller").find(
    (one) => attributeOf(one, "type") === "usb" && attributeOf(one, "model") === "none",
  );
  none?.att({ model: "qemu-xhci" });
};

/** Adds the host's devices that the template does not already have. */
export const renderHostDevices = (devices: XmlElement, wanted: readonly HostDevice[]): void => {
  if (wanted.some(({ kind }) => kind === "usb")) addUsb(devices);
  for (const device of wanted) {
    const there = childrenOf(devices, "hostdev");
    const element = append(devices, device);
    if (there.some((old) => covers(old, element))) devices.remove(element);
    else settle(devices, element);
  }
};
