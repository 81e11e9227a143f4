import { familyOf } from "../../values/address.ts";
import { vlansText } from "../../guest/port-vlans.ts";
import type { BookedAddress, BookedGuest, BookedNic } from "../book.ts";
import { dnsNames } from "./names.ts";
import type { ExportOptions, Product } from "./options.ts";

type Cell = string | number | null;

/** A cell of CSV (RFC 4180), quoted where it has to be. */
const cell = (value: Cell): string => {
  const text = value === null ? "" : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};

const table = (name: string, columns: readonly string[], rows: readonly (readonly Cell[])[]): Product => ({
  name: `${name}.csv`,
  text: [columns, ...rows].map((row) => `${row.map(cell).join(",")}\n`).join(""),
});

const MIB = 1024;

const MODES: Readonly<Record<string, string>> = { access: "access", trunk: "tagged" };

const describe = ({ kind, on, vlans }: BookedNic): string =>
  [kind, on, vlans === null ? null : `VLAN ${vlansText(vlans)}`].filter((word) => word !== null).join(" ");

/** NetBox lets several interfaces have an address of these roles. */
const ROLES = { own: null, anycast: "anycast", guests: "vip" } as const;

const addressRows = (guest: BookedGuest, { domain }: ExportOptions): readonly (readonly Cell[])[] => {
  const primary = new Set<string>();
  const isPrimary = ({ address, sharing }: BookedAddress): boolean => {
    const family = familyOf(address);
    if (sharing.kind === "guests" || primary.has(family)) return false;
    primary.add(family);
    return true;
  };
  return guest.nics.flatMap((nic) =>
    nic.addresses.map((one) => [
      ...[`${one.address}/${String(one.length)}`, "active", ROLES[one.sharing.kind]],
      ...[guest.name, nic.name, isPrimary(one) ? "true" : "false", dnsNames(guest, domain).full],
    ]),
  );
};

/**
 * Returns the files of NetBox's bulk import, in the order in which they are to be imported: each refers to those before it.
 * MAC addresses are objects of their own since NetBox 4.2. The columns are the fields of `VirtualMachineImportForm`,
 * `VMInterfaceImportForm`, `MACAddressImportForm` and `IPAddressImportForm`.
 */
export const renderNetbox = (guests: readonly BookedGuest[], options: ExportOptions): readonly Product[] => {
  const nics = guests.flatMap((guest) => guest.nics.map((nic) => ({ guest, nic })));
  return [
    table(
      "virtual-machines",
      ["name", "status", "cluster", "vcpus", "memory", "description"],
      guests.map(({ name, vcpus, memoryKib, host }) => [
        ...[name, "active", options.cluster, vcpus],
        ...[memoryKib === null ? null : Math.ceil(memoryKib / MIB), host === null ? null : `on ${host}`],
      ]),
    ),
    table(
      "interfaces",
      ["virtual_machine", "name", "enabled", "mtu", "mode", "description"],
      nics.map(({ guest, nic }) => [
        ...[guest.name, nic.name, "true", nic.mtu, MODES[nic.vlans?.kind ?? ""] ?? null, describe(nic)],
      ]),
    ),
    table(
      "mac-addresses",
      ["mac_address", "virtual_machine", "interface", "is_primary"],
      nics.flatMap(({ guest, nic }) => [
        [nic.mac, guest.name, nic.name, "true"],
        ...nic.moreMacs.map((mac) => [mac, guest.name, nic.name, "false"]),
      ]),
    ),
    table(
      "ip-addresses",
      ["address", "status", "role", "virtual_machine", "interface", "is_primary", "dns_name"],
      guests.flatMap((guest) => addressRows(guest, options)),
    ),
  ];
};
