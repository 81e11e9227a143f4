import type { XMLBuilder } from "xmlbuilder2/lib/interfaces.js";
import type { Disk, Profile, ProfileNic } from "../model/profile.ts";

const renderDisk = (devices: XMLBuilder, disk: Disk): void => {
  const element = devices.ele("disk", { type: disk.kind, device: "disk" });
  element.ele("driver", {
    name: "qemu",
    type: disk.format,
    cache: "none",
    // Linux AIO needs O_DIRECT, which cache="none" is; on qcow2 it may still block on metadata.
    ...(disk.format === "raw" ? { io: "native" } : {}),
    ...(disk.readonly ? {} : { discard: "unmap", detect_zeroes: "unmap" }),
    ...(disk.bus === "virtio" ? { iothread: "1" } : {}),
  });
  element.ele("source", { [disk.kind === "block" ? "dev" : "file"]: disk.source });
  element.ele("target", { dev: disk.target, bus: disk.bus });
  if (disk.readonly) element.ele("readonly");
  if (disk.serial !== null) element.ele("serial").txt(disk.serial);
};

const renderInterface = (devices: XMLBuilder, nic: ProfileNic): void => {
  const routed = nic.attachment.kind === "routed";
  const element = devices.ele("interface", { type: routed ? "ethernet" : "bridge" });
  element.ele("mac", { address: nic.mac });
  if (nic.attachment.kind !== "routed") element.ele("source", { bridge: nic.attachment.bridge });
  // managed="no": the hook makes the tap, so without the hook the guest does not start at all.
  element.ele("target", routed ? { dev: nic.tap, managed: "no" } : { dev: nic.tap });
  element.ele("model", { type: nic.model });
  if (nic.queues > 1) element.ele("driver", { queues: String(nic.queues) });
  if (nic.mtu !== null) element.ele("mtu", { size: String(nic.mtu) });
};

// A q35 guest can be given a device while it runs only where a root port is free for it.
const SPARE_ROOT_PORTS = 4;

/** Writes the disks, the NICs, and the PCIe ports that they and some later ones need. */
export const renderDevices = (devices: XMLBuilder, profile: Profile): void => {
  const buses = new Set(profile.disks.map((disk) => disk.bus));
  const virtioDisks = profile.disks.filter((disk) => disk.bus === "virtio").length;
  // The agent's virtio-serial controller, the random generator and the balloon have a port each, too.
  const used = virtioDisks + (buses.has("scsi") ? 1 : 0) + profile.interfaces.length + 3;
  for (let index = 1; index <= used + SPARE_ROOT_PORTS; index += 1) {
    devices.ele("controller", { type: "pci", index: String(index), model: "pcie-root-port" });
  }
  if (buses.has("scsi")) devices.ele("controller", { type: "scsi", index: "0", model: "virtio-scsi" });
  for (const disk of profile.disks) renderDisk(devices, disk);
  for (const nic of profile.interfaces) renderInterface(devices, nic);
};
