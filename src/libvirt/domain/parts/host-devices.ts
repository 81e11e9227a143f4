import type { HostDevice } from "../../../guest/hardware.ts";
import { never } from "../../../values/brand.ts";
import type { PciAddress } from "../../../values/pci.ts";
import { type Attributes, childrenOf, element, type XmlElement } from "../../../xml/tree.ts";
import { covers, withDevice } from "./merge-device.ts";
import { withUsb } from "./usb.ts";

/** A PCI address as the attributes of an `<address>`. */
export const pciAttributes = ({ domain, bus, slot, function: fn }: PciAddress): Attributes => ({
  domain: `0x${domain}`,
  bus: `0x${bus}`,
  slot: `0x${slot}`,
  function: `0x${fn}`,
});

const usb = (source: readonly XmlElement[]): XmlElement =>
  element("hostdev", { mode: "subsystem", type: "usb" }, [element("source", {}, source)]);

const hostdevElement = (device: HostDevice): XmlElement => {
  switch (device.kind) {
    case "usb":
      return usb([element("vendor", { id: device.vendor }), element("product", { id: device.product })]);
    case "usb-address":
      return usb([element("address", { bus: String(device.bus), device: String(device.device) })]);
    case "pci":
      return element("hostdev", { mode: "subsystem", type: "pci", managed: device.managed ? "yes" : "no" }, [
        element("source", {}, [element("address", pciAttributes(device.source))]),
      ]);
    default:
      return never(device);
  }
};

/** Adds the host's devices that the template does not already have. */
export const withHostDevices = (devices: XmlElement, wanted: readonly HostDevice[]): XmlElement =>
  wanted
    .map(hostdevElement)
    .reduce(
      (all, device) =>
        childrenOf(all, "hostdev").some((old) => covers(old, device)) ? all : withDevice(all, device),
      wanted.some(({ kind }) => kind !== "pci") ? withUsb(devices) : devices,
    );
