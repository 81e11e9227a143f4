import { type Address, familyOf, parseAddress } from "../model/address.ts";
import type { Attachment } from "../model/attachment.ts";
import { type NonEmpty, nonEmpty } from "../model/brand.ts";
import type { Disk, DiskBus, Profile, ProfileNic } from "../model/profile.ts";
import { expandRange, type Vid, type VidRange, vidSet } from "../model/vid.ts";
import { deriveMac, deriveTap, deriveUuid } from "./derive.ts";
import type { WrittenInterface, WrittenProfile } from "./written.ts";

const GATEWAYS = ["fe80::1", "169.254.0.1"].flatMap((text) => parseAddress(text) ?? []);

/** The gateways that were given, and the default for a family of the guest's that got none. */
const gatewaysFor = (addresses: NonEmpty<Address>, given: readonly Address[]): readonly Address[] =>
  [...new Set(addresses.map(familyOf))].flatMap((family) => {
    const own = given.filter((gateway) => familyOf(gateway) === family);
    return own.length > 0 ? own : GATEWAYS.filter((gateway) => familyOf(gateway) === family);
  });

const toVids = (items: readonly (Vid | VidRange)[]): readonly Vid[] =>
  items.flatMap((item) => (typeof item === "object" ? expandRange(item) : [item]));

const surely = <T>(value: T | null | undefined, what: string): T => {
  if (value === null || value === undefined)
    throw new Error(`the rules let a profile through without ${what}`);
  return value;
};

const toAttachment = (nic: WrittenInterface): Attachment => {
  const antispoof = nic.antispoof ?? true;
  if (nic.type === "routed") {
    const addresses = surely(nonEmpty(nic.addresses), "addresses");
    const given = nic.gateway === undefined ? [] : [nic.gateway].flat();
    return {
      kind: "routed",
      addresses,
      prefixes: nic.prefixes ?? [],
      gateways: gatewaysFor(addresses, given),
      antispoof,
    };
  }
  const { bridge } = nic;
  const policy = { isolated: nic.isolated ?? false, antispoof };
  if (nic.trunk !== undefined) {
    return { kind: "trunk", bridge, tagged: vidSet(toVids(nic.trunk)), native: nic.native ?? null, policy };
  }
  return { kind: "access", bridge, vlan: surely(nic.vlan, "a VLAN"), policy };
};

// More queues than vCPUs are never served at the same time, and beyond eight they cost more than they bring.
const defaultQueues = (vcpus: number): number => Math.min(vcpus, 8);

const toNic = (written: WrittenProfile, nic: WrittenInterface, index: number): ProfileNic => {
  const model = nic.model ?? "virtio";
  const common = {
    mac: nic.mac ?? deriveMac(written.name, index),
    tap: nic.tap ?? deriveTap(written.name, index),
    queues: model === "virtio" ? (nic.queues ?? defaultQueues(written.vcpus ?? 1)) : 1,
    mtu: nic.mtu ?? null,
    model,
  };
  const attachment = toAttachment(nic);
  return attachment.kind === "routed" ? { ...common, attachment } : { ...common, attachment };
};

const LETTERS: Readonly<Record<DiskBus, string>> = { virtio: "vd", scsi: "sd", sata: "sd" };

/** 0 is `a`, 25 `z`, 26 `aa`: how Linux and libvirt count disks. */
const letters = (number: number): string =>
  `${number < 26 ? "" : letters(Math.floor(number / 26) - 1)}${String.fromCharCode(97 + (number % 26))}`;

/** Disks in order, each with the first target name that no other has taken or asks for. */
const toDisks = (written: NonNullable<WrittenProfile["disks"]>): readonly Disk[] => {
  const taken = new Set(written.flatMap((disk) => disk.target ?? []));
  const free = (bus: DiskBus): string => {
    let number = 0;
    while (taken.has(`${LETTERS[bus]}${letters(number)}`)) number += 1;
    const name = `${LETTERS[bus]}${letters(number)}`;
    taken.add(name);
    return name;
  };
  return written.map((disk) => {
    const bus = disk.bus ?? "virtio";
    return {
      kind: disk.source.startsWith("/dev/") ? "block" : "file",
      source: disk.source,
      target: disk.target ?? free(bus),
      bus,
      format: disk.format ?? (disk.source.endsWith(".qcow2") ? "qcow2" : "raw"),
      readonly: disk.readonly ?? false,
      serial: disk.serial ?? null,
    };
  });
};

/** Fills in what was left out. The same profile always gives the same result. */
export const normalizeProfile = (written: WrittenProfile): Profile => ({
  name: written.name,
  uuid: written.uuid ?? deriveUuid(written.name),
  title: written.title ?? null,
  description: written.description ?? null,
  virtType: written.virtType ?? "kvm",
  memoryKiB: written.memory,
  vcpus: written.vcpus ?? 1,
  firmware: written.firmware ?? "bios",
  boot:
    written.boot === undefined
      ? null
      : {
          kernel: written.boot.kernel,
          initrd: written.boot.initrd ?? null,
          cmdline: written.boot.cmdline ?? null,
        },
  disks: toDisks(written.disks ?? []),
  interfaces: (written.interfaces ?? []).map((nic, index) => toNic(written, nic, index)),
});
