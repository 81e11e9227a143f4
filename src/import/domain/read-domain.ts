import { XENS_OWN } from "./dropped.ts";
import { readDomainDevices } from "./devices.ts";
import { readDomainDisk } from "./disk.ts";
import {
  readDomainBoot,
  readDomainClock,
  readDomainType,
  readDomainUuid,
  readDomainVcpus,
} from "./machine.ts";
import { readDomainNic } from "./nic.ts";
import type { DomainReader } from "./reader.ts";
import { readSizes } from "./size.ts";
import { attr, type DomainNode } from "../../xml/domain-tree.ts";
import type { SourceGuest } from "../source-guest.ts";
import { ACTIONS } from "../xen/settings.ts";
import type { Given } from "../report/account.ts";

const readAction = (reader: DomainReader, name: string): Given<string> | null => {
  const action = reader.text(reader.root, name);
  if (action === null || ACTIONS.some((known) => known === action.value)) return action;
  reader.account.refuse("domain-xml", action, `must be one of ${ACTIONS.join(", ")}, found ${action.found}`);
  return null;
};

/** What nothing was made of: known as Xen's own, or unknown. What is below an element that is not known goes with it. */
const accountForRest = (reader: DomainReader): void => {
  const { account } = reader;
  for (const node of reader.rest()) {
    const origin = reader.origin(node);
    const [weight, why] = XENS_OWN.find(([pattern]) =>
      pattern.test(origin.path.filter((part) => typeof part === "string").join("/")),
    )?.[1] ?? ["step", ""];
    if (why === "")
      account.unknown(origin, "nothing is made of it: put it into a template if the guest needs it");
    else account.dropped(origin, why, weight);
  }
};

const isWindows = (reader: DomainReader, name: string, clock: SourceGuest["clock"]): boolean => {
  const has = (node: DomainNode): boolean =>
    node.name === "viridian" || node.name === "hyperv" || node.children.some(has);
  return (
    /win(dows|nt|xp|\d|srv)|srv2k|w2k/i.test(name) ||
    clock?.value === "localtime" ||
    reader.root.children.some((node) => node.name === "features" && has(node))
  );
};

/** Reads a domain of libvirt's Xen driver into a guest. @returns null when it is no good; the account says why */
export const readDomain = (reader: DomainReader): SourceGuest | null => {
  const { account, root } = reader;
  const name = reader.text(root, "name");
  if (name === null || name.value === "")
    account.refuse("missing-key", name ?? reader.origin(root), "there must be a <name>");
  const type = readDomainType(reader);
  const sizes = readSizes(reader);
  const clock = readDomainClock(reader);
  const devices = reader.child(root, "devices");
  const disks = reader.children(devices, "disk").flatMap((disk) => readDomainDisk(reader, disk) ?? []);
  const names = new Set<string>();
  for (const disk of disks) {
    if (names.has(disk.vdev))
      account.refuse("domain-xml", disk, `the target ${disk.vdev} is another disk's already`);
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
  for (const given of [guest.title, guest.description]) if (given !== null) account.taken(given, "as it is");
  accountForRest(reader);
  return name === null || sizes === null || account.issues.length > 0 || attr(root, "type") !== "xen"
    ? null
    : { ...guest, name, ...sizes };
};
