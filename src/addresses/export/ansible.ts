import { Document, visit } from "yaml";
import { vlansText } from "../../guest/port-vlans.ts";
import { addressesIn, type BookedGuest, type BookedNic } from "../book.ts";

/** A group's name has an underscore, and a hostname has none: no group is called like a host. */
const group = (what: string, which: string | number): string =>
  `${what}_${String(which).replaceAll(/[^A-Za-z0-9]/g, "_")}`;

const groupsOf = ({ host, nics }: BookedGuest): readonly string[] => [
  ...(host === null ? [] : [group("host", host)]),
  ...nics.flatMap(({ kind, on, vlans }) => [
    group("type", kind),
    ...(on === null || kind === "hostdev" ? [] : [group("on", on)]),
    ...(vlans?.kind === "access" ? [group("vlan", vlans.vlan)] : []),
    ...(vlans?.kind === "trunk" && vlans.native !== null ? [group("vlan", vlans.native)] : []),
  ]),
];

const nicVars = ({ name, mac, kind, on, vlans, addresses, prefixes }: BookedNic) => ({
  ...{ name, mac, type: kind },
  ...(on === null ? {} : { on }),
  ...(vlans === null ? {} : { vlans: vlansText(vlans) }),
  addresses: addresses.map(({ address, length }) => `${address}/${String(length)}`),
  ...(prefixes.length === 0 ? {} : { prefixes: prefixes.map(({ prefix }) => prefix) }),
});

/** Groups that every inventory has. A host of this name hides all others. */
const RESERVED: ReadonlySet<string> = new Set(["all", "ungrouped"]);

/** Returns the name of each guest in the inventory, by its own. Guests of one hostname are told apart by a number. */
const inventoryNames = (guests: readonly BookedGuest[]): ReadonlyMap<string, string> => {
  const names = new Map<string, string>();
  const taken = new Set(RESERVED);
  for (const { name, hostname } of guests) {
    if (names.has(name)) continue;
    const base = RESERVED.has(hostname) ? `guest_${hostname}` : hostname;
    let own = base;
    for (let number = 2; taken.has(own); number += 1) own = `${base}_${String(number)}`;
    taken.add(own);
    names.set(name, own);
  }
  return names;
};

/** Returns an inventory of Ansible's plugin `yaml`: guests by hostname, in groups by host, kind of NIC, bridge and VLAN. */
export const renderAnsible = (guests: readonly BookedGuest[]): string => {
  const names = inventoryNames(guests);
  const nameOf = ({ name, hostname }: BookedGuest): string => names.get(name) ?? hostname;
  const groups = new Map<string, Record<string, null>>();
  for (const guest of guests)
    for (const name of groupsOf(guest)) groups.set(name, { ...groups.get(name), [nameOf(guest)]: null });
  const hosts = Object.fromEntries(
    guests.map((guest) => {
      const [first] = addressesIn(guest);
      return [
        nameOf(guest),
        {
          ...(first === undefined ? {} : { ansible_host: first.address }),
          guestnet_name: guest.name,
          ...(guest.host === null ? {} : { guestnet_host: guest.host }),
          guestnet_nics: guest.nics.map(nicVars),
        },
      ];
    }),
  );
  const children = Object.fromEntries(
    [...groups].sort().map(([name, members]) => [name, { hosts: members }]),
  );
  // PyYAML reads YAML 1.1, in which "on" is true and a MAC address without letters is a number.
  const options = { version: "1.1", nullStr: "", lineWidth: 0, aliasDuplicateObjects: false } as const;
  const document = new Document({ all: { hosts, children } }, options);
  // Ansible evaluates a template in any value of an inventory, and runs what it names, unless the value has this tag.
  visit(document, {
    Scalar: (_, scalar) => {
      if (typeof scalar.value === "string" && /\{[{%#]/.test(scalar.value)) scalar.tag = "!unsafe";
    },
  });
  return document.toString(options);
};
