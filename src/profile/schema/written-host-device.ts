import * as v from "valibot";
import { flag, match, object, optional, required } from "../../text/leaf.ts";
import { pciAddress } from "./network-leaves.ts";
import { say } from "../../text/say.ts";

// As lsusb prints it.
const usbId = match(
  /^[0-9A-Fa-f]{4}:[0-9A-Fa-f]{4}$/,
  say("usb-id", 'must be vendor and product of a USB device, such as "046d:c52b" (lsusb shows it)'),
);

const enabled = optional(
  flag,
  "false: it is written down here, and the guest does not get it. Default: true.",
);

const pci = object({
  type: required(v.literal("pci"), "A PCI function; the host needs an IOMMU."),
  source: required(pciAddress, "Address of the function, as lspci -D prints it: 0000:07:10.0."),
  managed: optional(
    flag,
    "libvirt takes it from the host's driver when the guest starts, and gives it back. Default: true.",
  ),
  enabled,
});

const usb = object({
  type: required(v.literal("usb"), "A USB device."),
  source: required(usbId, "Vendor and product, as lsusb prints them: 046d:c52b."),
  enabled,
});

/** A device of the host that the guest drives itself, told apart by its `type`. */
export const writtenHostDevice = v.variant("type", [pci, usb], say("wrong-choice", 'must be "pci" or "usb"'));
export type WrittenHostDevice = v.InferOutput<typeof writtenHostDevice>;
