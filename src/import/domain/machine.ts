import { readSize } from "../../values/size.ts";
import { parseUuid } from "../../values/names.ts";
import type { Given } from "../report/report.ts";
import type { DomainReader } from "./reader.ts";
import { attribute, child, textOf, type XmlElement } from "../../xml/tree.ts";
import type { SourceGuest, XenType } from "../source-guest.ts";
import { isCpuSet } from "../../values/cpu-set.ts";

/** Reads the mode of Xen: from `<os><type>`, or from the machine. */
export const readDomainType = (reader: DomainReader): XenType => {
  const type = reader.text(reader.child(reader.root, "os"), "type");
  const machine = attribute(child(child(reader.root, "os"), "type"), "machine") ?? "";
  const value = type?.value ?? "";
  const result = value === "xenpvh" || machine === "xenpvh" ? "pvh" : value === "hvm" ? "hvm" : "pv";
  if (type === null || !["hvm", "linux", "xen", "xenpvh"].includes(value))
    reader.refuse(
      reader.root,
      `must have <os><type> with hvm, linux, xen or xenpvh, found ${type?.found ?? "none"}`,
    );
  else
    reader.report.changed(
      type,
      `q35, instead of ${result.toUpperCase()}, which determines the steps inside the guest`,
    );
  return result;
};

/** The UUID, where it is one. */
export const readDomainUuid = (reader: DomainReader): Given<string> | null => {
  const uuid = reader.text(reader.root, "uuid");
  if (uuid === null) return null;
  const value = parseUuid(uuid.value);
  return value === null
    ? (reader.report.refuse("domain-xml", uuid, `must be a UUID, found ${uuid.found}`), null)
    : { ...uuid, value };
};

const LETTERS: Readonly<Record<string, string>> = { fd: "a", hd: "c", cdrom: "d", network: "n" };

/** Reads how the guest boots. */
export const readDomainBoot = (
  reader: DomainReader,
  type: XenType,
): Pick<SourceGuest, "bootloader" | "kernel" | "initrd" | "cmdline" | "bootOrder" | "firmware"> => {
  const { report, root } = reader;
  const os = reader.child(root, "os");
  const loader = reader.text(os, "loader");
  const isUefi =
    attribute(os, "firmware") === "efi" ||
    /ovmf|efi/i.test(loader?.value ?? "") ||
    attribute(child(os, "loader"), "type") === "pflash";
  if (loader !== null && !isUefi) report.dropped(loader, "Xen's firmware; KVM uses SeaBIOS");
  const boots = reader.children(os, "boot");
  const order = boots.map((boot) => LETTERS[attribute(boot, "dev") ?? ""] ?? "").join("");
  const [first] = boots;
  if (first !== undefined && type !== "hvm")
    for (const boot of boots) report.dropped(reader.origin(boot), "only HVM guests have a boot order");
  const args = reader.text(root, "bootloader_args");
  if (args !== null)
    report.dropped(
      args,
      "options of the boot loader in dom0; the guest now uses its own boot loader",
      args.value === "" ? "note" : "step",
    );
  return {
    bootloader: reader.text(root, "bootloader"),
    kernel: reader.text(os, "kernel"),
    initrd: reader.text(os, "initrd"),
    cmdline: reader.text(os, "cmdline"),
    bootOrder: first === undefined || type !== "hvm" ? null : reader.given(first, order),
    firmware: isUefi && os !== null ? { ...(loader ?? reader.origin(os)), value: "uefi" } : null,
  };
};

/** vCPUs and where they run. */
export const readDomainVcpus = (
  reader: DomainReader,
): Pick<SourceGuest, "vcpus" | "maxVcpus" | "pinning"> => {
  const { root } = reader;
  const node = reader.child(root, "vcpu");
  const pins = reader.children(reader.child(root, "cputune"), "vcpupin");
  if (node === null) return { vcpus: null, maxVcpus: null, pinning: null };
  const max = Number(textOf(node).trim());
  const now = Number(attribute(node, "current") ?? max);
  if (!Number.isInteger(max) || max < 1 || max > 512 || !Number.isInteger(now) || now < 1 || now > max) {
    reader.refuse(
      node,
      `must be a number of vCPUs from 1 to 512, current at most as many, found ${reader.origin(node).found}`,
    );
    return { vcpus: null, maxVcpus: null, pinning: null };
  }
  const sets = Array.from(
    { length: max },
    (_, vcpu) =>
      attribute(pins.find((pin) => attribute(pin, "vcpu") === String(vcpu)) ?? null, "cpuset") ?? "",
  );
  const all = attribute(node, "cpuset") ?? "";
  const [pin] = pins;
  const each = pin !== undefined && sets.every(isCpuSet) ? reader.given(pin, sets) : null;
  if (pin !== undefined && each === null)
    for (const one of pins)
      reader.report.dropped(
        reader.origin(one),
        "only some vCPUs are pinned; pin them on the new host if required",
        "step",
      );
  const pinning = each ?? (isCpuSet(all) ? { ...reader.given(node, all), path: ["vcpu", "cpuset"] } : null);
  const current = { ...(reader.originOf(node, "current") ?? reader.origin(node)), value: now };
  return { vcpus: current, maxVcpus: now < max ? reader.given(node, max) : null, pinning };
};

/** The clock: only whether it is the host's local time. */
export const readDomainClock = (reader: DomainReader): SourceGuest["clock"] => {
  const clock = reader.child(reader.root, "clock");
  if (clock === null) return null;
  const isLocal = attribute(clock, "offset") === "localtime" || attribute(clock, "basis") === "localtime";
  const off = attribute(clock, "adjustment") ?? "0";
  if (off !== "0" && off !== "reset")
    reader.report.dropped(
      reader.originOf(clock, "adjustment") ?? reader.origin(clock),
      `the guest's clock has an offset of ${off} seconds; set the clock inside the guest`,
      "step",
    );
  for (const timer of reader.children(clock, "timer"))
    reader.report.dropped(
      reader.origin(timer),
      "a setting of Xen's virtual timers; KVM uses kvm-clock and its own defaults",
    );
  return reader.given(clock, isLocal ? "localtime" : "utc");
};

const MOST_KIB = 64 * 1024 ** 3;

const sizeOf = (reader: DomainReader, node: XmlElement | null): Given<number> | null => {
  if (node === null) return null;
  const kib = readSize(textOf(node), attribute(node, "unit")) ?? NaN;
  if (kib >= 1024 && kib <= MOST_KIB) return reader.given(node, kib);
  return reader.refuse(
    node,
    `must be an amount of memory from 1 MiB to 64 TiB, found ${reader.origin(node).found}`,
  );
};

/** Returns the memory at the start and the maximum, if that is more; KiB. */
export const readSizes = (
  reader: DomainReader,
): { readonly memory: Given<number>; readonly maxMemory: Given<number> | null } | null => {
  const most = sizeOf(reader, reader.child(reader.root, "memory"));
  const now = sizeOf(reader, reader.child(reader.root, "currentMemory"));
  if (most === null) {
    if (reader.report.issues.length === 0) reader.refuse(reader.root, "must have a <memory>");
    return null;
  }
  if (now === null) return { memory: most, maxMemory: null };
  // libvirt takes more than there is for all of it.
  return now.value >= most.value
    ? { memory: { ...now, value: most.value }, maxMemory: most }
    : { memory: now, maxMemory: most };
};
