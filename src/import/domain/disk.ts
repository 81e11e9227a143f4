import { guestNameOf, parseVdev } from "../xen/syntax/vdev.ts";
import type { Origin } from "../report/report.ts";
import type { DomainReader } from "./reader.ts";
import { attribute, type XmlElement } from "../../xml/tree.ts";
import type { SourceDisk } from "../source-guest.ts";

const FORMATS: Readonly<Record<string, SourceDisk["format"]>> = {
  ...{ raw: "raw", aio: "raw", qcow: "qcow", qcow2: "qcow2", vhd: "vpc", vpc: "vpc", qed: "qed" },
  ...{ vmdk: "vmdk", vdi: "vdi", vhdx: "vhdx" },
};

/** Xen's `<disk>`; null for one that a profile cannot have. */
export const readDomainDisk = (reader: DomainReader, disk: XmlElement): SourceDisk | null => {
  const { report } = reader;
  const origin = reader.origin(disk);
  const device = attribute(disk, "device") ?? "disk";
  if (device !== "disk" && device !== "cdrom") {
    report.dropped(origin, `a ${device}; a profile supports only disks and CD-ROM drives`, "step");
    return null;
  }
  const [source, driver, target] = [
    reader.child(disk, "source"),
    reader.child(disk, "driver"),
    reader.child(disk, "target"),
  ];
  const path = attribute(source, "file") ?? attribute(source, "dev") ?? "";
  if (source !== null && path === "") {
    report.dropped(
      origin,
      "its source is neither a file nor a device: add the disk to the profile",
      "person",
    );
    return null;
  }
  const name = attribute(target, "dev") ?? "";
  const vdev = parseVdev(name);
  if (vdev === null)
    return reader.refuse(
      disk,
      `must have a <target dev> such as xvda, hda or sda, found ${name === "" ? "none" : name}`,
    );
  if (path === "" && device === "disk")
    return reader.refuse(disk, "must have a <source>; only a CD-ROM drive may be empty");
  const format = FORMATS[attribute(driver, "type") ?? "raw"];
  if (format === undefined)
    return reader.refuse(
      disk,
      `format must be one of ${Object.keys(FORMATS).join(", ")}, found ${attribute(driver, "type") ?? ""}`,
    );
  const nodes = {
    target: source,
    vdev: target,
    format: driver,
    readonly: reader.child(disk, "readonly"),
    shareable: reader.child(disk, "shareable"),
  };
  const words = new Map<string, Origin>();
  for (const [key, node] of Object.entries(nodes))
    if (node !== null)
      words.set(key === "readonly" || key === "shareable" ? "access" : key, reader.origin(node));
  const [backend, script] = [reader.child(disk, "backenddomain"), reader.child(disk, "script")];
  const domain = attribute(backend, "name");
  if (backend !== null) words.set("backend", reader.origin(backend));
  if (script !== null) words.set("script", reader.origin(script));
  return {
    ...origin,
    words,
    target: path,
    vdev: guestNameOf(vdev),
    family: vdev.family,
    index: vdev.disk,
    partition: vdev.partition,
    format: device === "cdrom" ? "raw" : format,
    device,
    readonly: nodes.readonly !== null || device === "cdrom",
    shareable: nodes.shareable !== null,
    discard: attribute(driver, "discard") !== "ignore",
    script: attribute(script, "path"),
    backend: domain === "dom0" || domain === "Domain-0" ? null : domain,
  };
};
