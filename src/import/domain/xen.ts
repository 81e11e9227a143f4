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
import { readPeripherals } from "./peripherals.ts";
import type { DomainReader } from "./reader.ts";
import { attribute, elementsIn, type XmlElement } from "../../xml/tree.ts";
import { kernelOf } from "../kernel-name.ts";
import type { GuestSystem, SourceGuest } from "../source-guest.ts";
import { ACTIONS } from "../xen/settings.ts";
import { type Given, renderOrigin, type Weight } from "../report/report.ts";

// By path in the document: what libvirt writes only for Xen, or what every generated guest has.
const XENS_OWN: readonly (readonly [RegExp, readonly [Weight, string]])[] = [
  [/^devices\/emulator$/, ["note", "the QEMU that Xen runs; libvirt selects its own"]],
  [
    /^devices\/(controller|memballoon)(\/|$)/,
    ["note", "specific to Xen, or created anew: profiles include controllers, and the balloon"],
  ],
  [/\/(address|alias)$/, ["note", "its address on Xen's bus; libvirt assigns a new one"]],
  [/^features\/(acpi|apic)$/, ["note", "every generated guest has it"]],
  [/^features\/(pae|hap|xen)(\/|$)/, ["note", "a setting of the Xen hypervisor without equivalent on KVM"]],
  [
    /^features\/(viridian|hyperv)(\/|$)/,
    ["step", "interfaces of Hyper-V, which speed up Windows: set `hyperv` in the profile"],
  ],
  [/^features$/, ["note", "Xen settings; generated guests have ACPI and APIC"]],
  [
    /^cpu(\/|$)/,
    ["step", "the CPU is host-passthrough; set features in `cpu` and NUMA nodes in `numa` of the profile"],
  ],
  [
    /^cputune(\/|$)/,
    ["step", "a setting of Xen's scheduler; on KVM use `virsh schedinfo`, or <cputune> in a template"],
  ],
  [/^numatune(\/|$)/, ["step", "NUMA nodes of the old host: set `numa` in the profile"]],
  [
    /^os\/(nvram|acpi|smbios|bootmenu|bios)(\/|$)/,
    ["step", "firmware settings: add them to a template if the guest requires them"],
  ],
  [/^devices\/parallel(\/|$)/, ["step", "a parallel port: add it to a template if the guest requires it"]],
  [/^devices\/(rng|watchdog|panic)(\/|$)/, ["note", "the profile sets it"]],
  [/^seclabel(\/|$)/, ["note", "libvirt labels guests automatically"]],
  [/^devices\/interface\/(boot|link)(\/|$)/, ["note", "the profile sets its boot order position"]],
  [/^devices\/disk\/boot$/, ["note", "the profile sets its boot order position"]],
  [
    /^devices\/interface\/(backenddomain)$/,
    ["person", "its backend is a driver domain; on KVM it is the host"],
  ],
  [/^metadata(\/|$)/, ["note", "metadata of other programs on the old host"]],
  [
    /^xen:commandline(\/|$)/,
    ["person", "arguments for Xen's QEMU, which are never passed on: check their purpose"],
  ],
];

const readAction = (reader: DomainReader, name: string): Given<string> | null => {
  const action = reader.text(reader.root, name);
  if (action === null || ACTIONS.some((known) => known === action.value)) return action;
  reader.report.refuse("domain-xml", action, `must be one of ${ACTIONS.join(", ")}, found ${action.found}`);
  return null;
};

/** Reports elements without a result: Xen's own, or unknown ones with everything inside them. */
const accountForRest = (reader: DomainReader): void => {
  const { report } = reader;
  for (const node of reader.rest()) {
    const origin = reader.origin(node);
    const [weight, why] = XENS_OWN.find(([pattern]) =>
      pattern.test(origin.path.filter((part) => typeof part === "string").join("/")),
    )?.[1] ?? ["step", ""];
    if (why === "") report.unknown(origin, "not imported: add it to a template if the guest requires it");
    else report.dropped(origin, why, weight);
  }
};

/** Guesses the system inside: the document does not state it. */
const systemOf = (
  reader: DomainReader,
  type: SourceGuest["type"],
  name: Given<string> | null,
  kernel: Given<string> | null,
  clock: SourceGuest["clock"],
): GuestSystem => {
  if (kernel !== null && kernelOf(kernel.value) === "no-linux")
    return { kind: "other", because: renderOrigin(kernel), isWeak: false };
  const linux: GuestSystem = { kind: "linux", because: null, isWeak: false };
  if (type !== "hvm") return linux;
  const enlightened = (node: XmlElement): XmlElement | undefined =>
    node.name === "viridian" || node.name === "hyperv"
      ? node
      : elementsIn(node)
          .map(enlightened)
          .find((one) => one !== undefined);
  const features = elementsIn(reader.root).find((node) => node.name === "features");
  const hyperv = features === undefined ? undefined : enlightened(features);
  const named = name !== null && /win(dows|nt|xp|\d|srv)|srv2k|w2k/i.test(name.value) ? name : null;
  const strong = hyperv === undefined ? named : reader.origin(hyperv);
  if (strong !== null) return { kind: "windows", because: renderOrigin(strong), isWeak: false };
  if (clock?.value !== "localtime") return linux;
  // Usual with Windows, and not unusual without.
  return { kind: "windows", because: renderOrigin(clock), isWeak: true };
};

/** Reads a domain of libvirt's Xen driver into a guest. @returns null when it cannot be imported; the report has the reasons */
export const readDomain = (reader: DomainReader): SourceGuest | null => {
  const { report, root } = reader;
  const name = reader.text(root, "name");
  if (name === null || name.value === "")
    report.refuse("missing-key", name ?? reader.origin(root), "must have a <name>");
  const type = readDomainType(reader);
  const sizes = readSizes(reader);
  const clock = readDomainClock(reader);
  const devices = reader.child(root, "devices");
  const disks = reader.children(devices, "disk").flatMap((disk) => readDomainDisk(reader, disk) ?? []);
  const boot = readDomainBoot(reader, type);
  const names = new Set<string>();
  for (const disk of disks) {
    if (names.has(disk.vdev))
      report.refuse("domain-xml", disk, `target ${disk.vdev} is already used by another disk`);
    names.add(disk.vdev);
  }
  const vcpus = readDomainVcpus(reader);
  const guest = {
    type,
    peripherals: readPeripherals(reader, devices, {
      ...vcpus,
      memory: sizes?.memory ?? null,
      maxMemory: sizes?.maxMemory ?? null,
    }),
    uuid: readDomainUuid(reader),
    title: reader.text(root, "title"),
    description: reader.text(root, "description"),
    ...vcpus,
    ...boot,
    ...readDomainDevices(reader),
    clock,
    onPoweroff: readAction(reader, "on_poweroff"),
    onReboot: readAction(reader, "on_reboot"),
    onCrash: readAction(reader, "on_crash"),
    onWatchdog: null,
    hyperv: null,
    disks,
    nics: reader.children(devices, "interface").map((nic) => readDomainNic(reader, nic)),
    system: systemOf(reader, type, name, boot.kernel, clock),
  };
  for (const given of [guest.title, guest.description]) if (given !== null) report.taken(given, "unchanged");
  accountForRest(reader);
  return name === null || sizes === null || report.issues.length > 0 || attribute(root, "type") !== "xen"
    ? null
    : { ...guest, name, ...sizes };
};
