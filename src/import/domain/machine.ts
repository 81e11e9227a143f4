import { parseUuid } from "../../values/names.ts";
import type { Given } from "../report/account.ts";
import type { DomainReader } from "./reader.ts";
import { attr, nodeOf } from "../../xml/domain-tree.ts";
import type { SourceGuest, XenType } from "../source-guest.ts";

/** How Xen runs it: by `<os><type>`, or by the machine. */
export const readDomainType = (reader: DomainReader): XenType => {
  const type = reader.text(reader.child(reader.root, "os"), "type");
  const machine = attr(nodeOf(nodeOf(reader.root, "os"), "type"), "machine") ?? "";
  const value = type?.value ?? "";
  const result = value === "xenpvh" || machine === "xenpvh" ? "pvh" : value === "hvm" ? "hvm" : "pv";
  if (type === null || !["hvm", "linux", "xen", "xenpvh"].includes(value))
    reader.refuse(
      reader.root,
      `there must be <os><type> with hvm, linux, xen or xenpvh, found ${type?.found ?? "none"}`,
    );
  else
    reader.account.changed(
      type,
      `q35; it was ${result.toUpperCase()}: what has to be done inside the guest follows from it`,
    );
  return result;
};

/** The UUID, where it is one. */
export const readDomainUuid = (reader: DomainReader): Given<string> | null => {
  const uuid = reader.text(reader.root, "uuid");
  if (uuid === null) return null;
  const value = parseUuid(uuid.value);
  return value === null
    ? (reader.account.refuse("domain-xml", uuid, `must be a UUID, found ${uuid.found}`), null)
    : { ...uuid, value };
};

const LETTERS: Readonly<Record<string, string>> = { fd: "a", hd: "c", cdrom: "d", network: "n" };

/** How the guest boots. */
export const readDomainBoot = (
  reader: DomainReader,
  type: XenType,
): Pick<SourceGuest, "bootloader" | "kernel" | "initrd" | "cmdline" | "bootOrder" | "firmware"> => {
  const { account, root } = reader;
  const os = reader.child(root, "os");
  const loader = reader.text(os, "loader");
  const isUefi =
    attr(os, "firmware") === "efi" ||
    /ovmf|efi/i.test(loader?.value ?? "") ||
    attr(nodeOf(os, "loader"), "type") === "pflash";
  if (loader !== null && !isUefi) account.dropped(loader, "Xen's own firmware; KVM has SeaBIOS");
  const boots = reader.children(os, "boot");
  const order = boots.map((boot) => LETTERS[attr(boot, "dev") ?? ""] ?? "").join("");
  const [first] = boots;
  if (first !== undefined && type !== "hvm")
    for (const boot of boots) account.dropped(reader.origin(boot), "only HVM guests have a boot order");
  const args = reader.text(root, "bootloader_args");
  if (args !== null)
    account.dropped(
      args,
      "options of the boot loader in dom0; the guest boots by its own now",
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
  const max = Number(node.text.trim());
  const now = Number(attr(node, "current") ?? max);
  if (!Number.isInteger(max) || max < 1 || max > 512 || !Number.isInteger(now) || now < 1 || now > max) {
    reader.refuse(
      node,
      `must be a number of vCPUs from 1 to 512, current at most as many, found ${reader.origin(node).found}`,
    );
    return { vcpus: null, maxVcpus: null, pinning: null };
  }
  const isSet = (text: string): boolean => /^\d{1,4}(-\d{1,4})?(,\^?\d{1,4}(-\d{1,4})?)*$/.test(text);
  const sets = Array.from(
    { length: max },
    (_, vcpu) => attr(pins.find((pin) => attr(pin, "vcpu") === String(vcpu)) ?? null, "cpuset") ?? "",
  );
  const all = attr(node, "cpuset") ?? "";
  const [pin] = pins;
  const each = pin !== undefined && sets.every(isSet) ? reader.given(pin, sets) : null;
  if (pin !== undefined && each === null)
    for (const one of pins)
      reader.account.dropped(
        reader.origin(one),
        "not all vCPUs are pinned; pin them on the new host if need be",
        "step",
      );
  const pinning = each ?? (isSet(all) ? { ...reader.given(node, all), path: ["vcpu", "cpuset"] } : null);
  return { vcpus: reader.given(node, now), maxVcpus: now < max ? reader.given(node, max) : null, pinning };
};

/** The clock: only whether it is the host's local time. */
export const readDomainClock = (reader: DomainReader): SourceGuest["clock"] => {
  const clock = reader.child(reader.root, "clock");
  if (clock === null) return null;
  const isLocal = attr(clock, "offset") === "localtime" || attr(clock, "basis") === "localtime";
  const off = attr(clock, "adjustment") ?? "0";
  if (off !== "0" && off !== "reset")
    reader.account.dropped(
      reader.origin(clock),
      `the guest's clock is off by ${off} seconds; set it inside`,
      "step",
    );
  for (const timer of reader.children(clock, "timer"))
    reader.account.dropped(
      reader.origin(timer),
      "how Xen keeps a virtual timer; KVM has kvm-clock and its own defaults",
    );
  return reader.given(clock, isLocal ? "localtime" : "utc");
};
