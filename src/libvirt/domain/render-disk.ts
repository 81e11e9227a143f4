import type { XmlElement } from "../../xml/render-element.ts";
import type { Disk, DiskSource } from "../../guest/disk.ts";

/** The attributes of `<source>`; null where there is none. */
export const sourceAttributes = (source: DiskSource): Readonly<Record<string, string>> | null => {
  switch (source.kind) {
    case "file":
      return { file: source.path };
    case "block":
      return { dev: source.path };
    case "volume":
      return { pool: source.pool, volume: source.volume };
    case "empty":
      return null;
  }
};

// Linux AIO needs O_DIRECT, which these two are; on qcow2 it may still block on metadata.
const isDirect = ({ cache, format }: Disk): boolean =>
  format === "raw" && (cache === "none" || cache === "directsync");

/** Writes one `<disk>`. @param iothread number of the thread that serves it, or null */
export const renderDisk = (
  devices: XmlElement,
  disk: Disk,
  target: string,
  iothread: number | null,
): XmlElement => {
  const type = disk.source.kind === "empty" ? "file" : disk.source.kind;
  const element = devices.ele("disk", { type, device: disk.device });
  element.ele("driver", {
    name: "qemu",
    type: disk.format,
    ...(disk.cache === null ? {} : { cache: disk.cache }),
    ...(isDirect(disk) ? { io: "native" } : {}),
    ...(disk.discard && !disk.readonly ? { discard: "unmap", detect_zeroes: "unmap" } : {}),
    ...(iothread === null ? {} : { iothread: String(iothread) }),
  });
  const source = sourceAttributes(disk.source);
  if (source !== null) element.ele("source", source);
  element.ele("target", { dev: target, bus: disk.bus });
  if (disk.readonly) element.ele("readonly");
  if (disk.shareable) element.ele("shareable");
  if (disk.serial !== null) element.ele("serial").txt(disk.serial);
  if (disk.bootOrder !== null) element.ele("boot", { order: String(disk.bootOrder) });
  return element;
};
