import { readSize } from "../../values/size.ts";
import { attribute, child, type XmlElement } from "../../xml/tree.ts";
import {
  type Divided,
  maxOf,
  MORE_SERIALS,
  type Peripherals,
  reportSerial,
  toCells,
  toFilesystem,
  toInput,
  toSerial,
  toSound,
  withInput,
} from "../to-profile/peripherals.ts";
import type { DomainReader } from "./reader.ts";

/** A character device in the words of QEMU's `-serial`. */
const serialText = (node: XmlElement): string => {
  const source = child(node, "source");
  const path = attribute(source, "path") ?? "";
  switch (attribute(node, "type")) {
    case "pty":
      return "pty";
    case "file":
      return `file:${path}`;
    case "dev":
      return path;
    case "unix":
      return `unix:${path}${attribute(source, "mode") === "bind" ? ",server" : ""}`;
    case "tcp":
      return `tcp:${attribute(source, "host") ?? ""}:${attribute(source, "service") ?? ""}${attribute(source, "mode") === "bind" ? ",server" : ""}`;
    default:
      return "";
  }
};

/** The first port that is a terminal is the console; a port that a profile does not support is a step. */
const readSerial = (reader: DomainReader, devices: XmlElement | null): Pick<Peripherals, "serial"> => {
  const { report } = reader;
  const ports: NonNullable<Peripherals["serial"]> = [];
  for (const [index, node] of reader.children(devices, "serial").entries()) {
    const origin = reader.origin(node);
    const port = ports.length < MORE_SERIALS ? toSerial(serialText(node)) : null;
    if (index === 0 && port?.type === "pty") report.taken(origin, "the serial console: `virsh console`");
    else if (port === null)
      report.changed(
        origin,
        "another kind of serial port; the guest has one for `virsh console`, add others to a template",
        "step",
      );
    else {
      ports.push(port);
      reportSerial(port, ports.length, origin, report);
    }
  }
  return ports.length === 0 ? {} : { serial: ports };
};

const readSound = (reader: DomainReader, devices: XmlElement | null): Pick<Peripherals, "sound"> => {
  const [card, ...more] = reader.children(devices, "sound");
  if (card === undefined) return {};
  for (const node of more) reader.report.dropped(reader.origin(node), "a profile has one sound card", "step");
  return toSound([attribute(card, "model") ?? ""], reader.origin(card), reader.report);
};

/** Those of PS/2 and of Xen itself are part of every generated guest. */
const readInput = (reader: DomainReader, devices: XmlElement | null): Pick<Peripherals, "input"> => {
  let input: Peripherals["input"];
  for (const node of reader.children(devices, "input")) {
    const type = toInput(attribute(node, "type") ?? "");
    if (attribute(node, "bus") === "usb" && type !== null)
      input = withInput(input, type, reader.origin(node), reader.report);
    else reader.report.dropped(reader.origin(node), "every generated guest has a mouse and keyboard");
  }
  return input === undefined ? {} : { input };
};

const readFilesystems = (
  reader: DomainReader,
  devices: XmlElement | null,
): Pick<Peripherals, "filesystems"> => {
  const shared = reader.children(devices, "filesystem").flatMap((node) => {
    const source = attribute(child(node, "source"), "dir") ?? "";
    const target = attribute(child(node, "target"), "dir") ?? "";
    return toFilesystem(source, target, reader.origin(node), reader.report) ?? [];
  });
  return shared.length === 0 ? {} : { filesystems: shared };
};

const readCells = (reader: DomainReader, divided: Divided): Pick<Peripherals, "numa"> => {
  const cpu = child(reader.root, "cpu");
  const numa = child(cpu, "numa");
  if (numa === null) return {};
  reader.enter(cpu);
  reader.whole(numa);
  const cells = reader.children(numa, "cell").map((node) => ({
    ...reader.origin(node),
    cpus: attribute(node, "cpus") ?? "",
    kib: readSize(attribute(node, "memory") ?? "", attribute(node, "unit")) ?? NaN,
  }));
  const [kib, vcpus] = maxOf(divided);
  return toCells(cells, kib, vcpus, [reader.origin(numa)], reader.report);
};

/** Reads devices and NUMA nodes that a profile has a word for. */
export const readPeripherals = (
  reader: DomainReader,
  devices: XmlElement | null,
  divided: Divided,
): Peripherals => {
  for (const name of ["sound", "input", "filesystem"])
    for (const node of reader.children(devices, name)) reader.whole(node);
  return {
    ...readSerial(reader, devices),
    ...readSound(reader, devices),
    ...readInput(reader, devices),
    ...readFilesystems(reader, devices),
    ...readCells(reader, divided),
  };
};
