import { replaced, withAttributes } from "../../../xml/edit.ts";
import { attribute, childrenOf, type XmlElement } from "../../../xml/tree.ts";

/** A template without USB gets a controller: libvirt refuses USB devices where there is none. */
export const withUsb = (devices: XmlElement): XmlElement => {
  const none = childrenOf(devices, "controller").find(
    (one) => attribute(one, "type") === "usb" && attribute(one, "model") === "none",
  );
  return none === undefined ? devices : replaced(devices, none, withAttributes(none, { model: "qemu-xhci" }));
};
