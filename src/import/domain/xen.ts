import { readDomainDevices } from "./devices.ts";
import { readDomainDisk } from "./disk.ts";
import {
  readDomainBoot,
  readDomainClock,
  readDomainType,
  readDomainUuid,
  readDomainVcpus,
  readSizes,
} from "./machine.ts";
import { readDomainNic } from "./nic.ts";
import type { DomainReader } from "./reader.ts";
import { attribute, elementsIn, type XmlElement } from "../../xml/tree.ts";
import type { SourceGuest } from "../source-guest.ts";
import { ACTIONS } from "../xen/settings.ts";
import type { Given, Weight } from "../report/report.ts";

// By path in the document, what libvirt writes for Xen's own sake, or what a guest of ours has anyway.
const XENS_OWN: readonly (readonly [RegExp, readonly [Weight, string]])[] = [
  [/^devices\/emulator$/, ["note", "which QEMU Xen runs; libvirt chooses its own"]],
  [
    /^devices\/(controller|memballoon|input)(\/|$)/,
    ["note", "Xen's own, or made anew: a guest of ours has its controllers, balloon, mouse and keyboard"],
  ],
  [/\/(address|alias)$/, ["note", "its place on Xen's bus; libvirt gives it a new one"]],
  [/^features\/(acpi|apic)$/, ["note", "a guest of ours has it"]],
  [/^features\/(pae|hap|xen)(\/|$)/, ["note", "a setting inside Xen's hypervisor; KVM does without"]],
  [
    /^features\/(viridian|hyperv)(\/|$)/,
    ["step", "Hyper-V enlightenments, which make Windows faster: put <hyperv> into a template"],
  ],
  [/^features$/, ["note", "settings of Xen's; a guest of ours has ACPI and APIC"]],
  [
    /^cpu(\/|$)/,
    [
      "step",
      "the CPU is the host's (host-passthrough); features and NUMA nodes go into `cpu` of the profile or a template",
    ],
  ],
  [/^cputune(\/|$)/, ["step", "Xen's scheduler; on KVM: `virsh schedinfo`, or <cputune> in a template"]],
  [/^numatune(\/|$)/, ["step", "NUMA nodes of the old host: put it into a template"]],
  [
    /^os\/(nvram|acpi|smbios|bootmenu|bios)(\/|$)/,
    ["step", "firmware settings: put them into a template if the guest needs them"],
  ],
  [/^devices\/sound(\/|$)/, ["step", "a sound card: put it into a template if the guest needs it"]],
  [/^devices\/parallel(\/|$)/, ["step", "a parallel port: put it into a template if the guest needs it"]],
  [/^devices\/(rng|watchdog|panic)(\/|$)/, ["note", "a guest of ours has one that the profile says"]],
  [/^seclabel(\/|$)/, ["note", "libvirt labels guests by itself"]],
  [/^devices\/interface\/(boot|link)(\/|$)/, ["note", "its place in the boot order is the profile's"]],
  [/^devices\/disk\/boot$/, ["note", "its place in the boot order is the profile's"]],
  [
    /^devices\/interface\/(backenddomain)$/,
    ["person", "the network is another guest's, a driver domain; here it is the host's"],
  ],
  [/^metadata(\/|$)/, ["note", "notes of other programs on the old host"]],
  [
    /^xen:commandline(\/|$)/,
    ["person", "arguments for Xen's QEMU, which are never passed on: see what they were for"],
  ],
];

const readAction = (reader: DomainReader, name: string): Given<string> | null => {
  const action = reader.text(reader.root, name);
  if (action === null || ACTIONS.some((known) => known === action.value)) return action;
  reader.report.refuse("domain-xml", action, `must be one of ${ACTIONS.join(", ")}, found ${action.found}`);
  return null;
};

/** What nothing was made of: known as Xen's own, or unknown. What is below an element that is not known goes with it. */
const accountForRest = (reader: DomainReader): void => {
  const { report } = reader;
  for (const node of reader.rest()) {
    const origin = reader.origin(node);
    const [weight, why] = XENS_OWN.find(([pattern]) =>
      pattern.test(origin.path.filter((part) => typeof part === "string").join("/")),
    )?.[1] ?? ["step", ""];
    if (why === "")
      report.unknown(origin, "nothing is made of it: put it into a template if the guest needs it");
    else report.dropped(origin, why, weight);
  }
};

const isWindows = (reader: DomainReader, name: string, clock: SourceGuest["clock"]): boolean => {
  const has = (node: XmlElement): boolean =>
    node.name === "viridian" || node.name === "hyperv" || elementsIn(node).some(has);
  return (
    /win(dows|nt|xp|\d|srv)|srv2k|w2k/i.test(name) ||
    clock?.value === "localtime" ||
    elementsIn(reader.root).some((node) => node.name === "features" && has(node))
  );
};

/** Reads a domain of libvirt's Xen driver into a guest. @returns null when it is no good; the report says why */
export const readDomain = (reader: DomainReader): SourceGuest | null => {
  const { report, root } = reader;
  const name = reader.text(root, "name");
  if (name === null || name.value === "")
    report.refuse("missing-key", name ?? reader.origin(root), "there must be a <name>");
  const type = readDomainType(reader);
  const sizes = readSizes(reader);
  const clock = readDomainClock(reader);
  const devices = reader.child(root, "devices");
  const disks = reader.children(devices, "disk").flatMap((disk) => readDomainDisk(reader, disk) ?? []);
  const names = new Set<string>();
  for (const disk of disks) {
    if (names.has(disk.vdev))
      report.refuse("domain-xml", disk, `the target ${disk.vdev} is another disk's already`);
    names.add(disk.vdev);
  }
  const guest = {
    type,
    uuid: readDomainUuid(reader),
    title: reader.text(root, "title"),
    description: reader.text(root, "description"),
    ...readDomainVcpus(reader),
    ...readDomainBoot(reader, type),
    ...readDomainDevices(reader),
    clock,
    onPoweroff: readAction(reader, "on_poweroff"),
    onReboot: readAction(reader, "on_reboot"),
    onCrash: readAction(reader, "on_crash"),
    onWatchdog: null,
    disks,
    nics: reader.children(devices, "interface").map((nic) => readDomainNic(reader, nic)),
    system:
      type === "hvm" && isWindows(reader, name?.value ?? "", clock)
        ? ("windows" as const)
        : ("linux" as const),
  };
  for (const given of [guest.title, guest.description]) if (given !== null) report.taken(given, "as it is");
  accountForRest(reader);
  return name === null || sizes === null || report.issues.length > 0 || attribute(root, "type") !== "xen"
    ? null
    : { ...guest, name, ...sizes };
};
