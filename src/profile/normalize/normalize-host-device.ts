import type { HostDevice } from "../../guest/hardware.ts";
import type { WrittenHostDevice } from "../schema/written-host-device.ts";

const toHostDevice = (device: WrittenHostDevice): HostDevice => {
  if (device.type === "pci") return { kind: "pci", source: device.source, managed: device.managed ?? true };
  const [vendor = "", product = ""] = device.source.toLowerCase().split(":");
  return { kind: "usb", vendor: `0x${vendor}`, product: `0x${product}` };
};

/** Those that are not turned off. */
export const normalizeHostDevices = (devices: readonly WrittenHostDevice[]): readonly HostDevice[] =>
  devices.filter(({ enabled }) => enabled !== false).map(toHostDevice);
