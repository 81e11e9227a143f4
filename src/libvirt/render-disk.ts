import type { XMLBuilder } from "xmlbuilder2/lib/interfaces.js";
import type { Disk } from "../model/profile.ts";

/** Writes one `<disk>`. */
export const renderDisk = (devices: XMLBuilder, disk: Disk): void => {
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
