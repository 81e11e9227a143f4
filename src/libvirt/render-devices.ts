import type { XMLBuilder } from "xmlbuilder2/lib/interfaces.js";
import type { LibvirtVersion } from "../model/libvirt-version.ts";
import type { Profile } from "../model/profile.ts";
import { renderDisk } from "./render-disk.ts";
import { renderInterface } from "./render-interface.ts";

// A q35 guest can be given a device while it runs only where a root port is free for it.
const SPARE_ROOT_PORTS = 4;

/** Writes the disks, the NICs, and the PCIe ports that they and some later ones need. */
export const renderDevices = (devices: XMLBuilder, profile: Profile, libvirt: LibvirtVersion): void => {
  const buses = new Set(profile.disks.map((disk) => disk.bus));
  const virtioDisks = profile.disks.filter((disk) => disk.bus === "virtio").length;
  // The agent's virtio-serial controller, the random generator and the balloon have a port each, too.
  const used = virtioDisks + (buses.has("scsi") ? 1 : 0) + profile.interfaces.length + 3;
  for (let index = 1; index <= used + SPARE_ROOT_PORTS; index += 1) {
    devices.ele("controller", { type: "pci", index: String(index), model: "pcie-root-port" });
  }
  if (buses.has("scsi")) devices.ele("controller", { type: "scsi", index: "0", model: "virtio-scsi" });
  for (const disk of profile.disks) renderDisk(devices, disk);
  for (const nic of profile.interfaces) renderInterface(devices, nic, libvirt);
};
