import { vlansText } from "../../guest/port-vlans.ts";
import { familyOf } from "../../values/address.ts";
import type { BookedGuest } from "../book.ts";
import type { HeldAddress } from "./held.ts";
import type { AddressPlan, PlanEntry } from "./plan.ts";
import { segmentText } from "./table.ts";

/** Who has an address or a network. The shape is promised in docs/reference/addresses.md: keys are added, never changed. */
const heldJson = ({ what, by, sharing }: HeldAddress): object => ({
  [what.includes("/") ? "prefix" : "address"]: what,
  kind: by.kind,
  ...(by.kind === "guest"
    ? {
        ...{ guest: by.guest.name, nic: by.nic, network: segmentText(by.segment) },
        ...{ host: by.guest.host, file: by.guest.file, sharing: sharing.kind },
      }
    : {}),
  ...(by.kind === "host" ? { host: by.host, device: by.device } : {}),
});

/** Counts of IPv6 are beyond what many programs can count: these read them rounded, as JSON's numbers are (RFC 8259, section 6). */
const count = (number: bigint): number => Number(number);

const entryJson = (entry: PlanEntry): object => ({
  prefix: entry.prefix,
  family: familyOf(entry.prefix),
  places: entry.places,
  within: entry.within,
  inner: entry.inner,
  size: count(entry.size),
  used: count(entry.used),
  free: count(entry.free),
  nextFree: entry.nextFree,
  freeNetworks: entry.networks === null ? null : count(entry.networks.free),
  nextFreeNetwork: entry.networks?.next ?? null,
  reserved: entry.reserved,
  addresses: entry.held.filter(({ what }) => !what.includes("/")).map(heldJson),
  delegated: entry.held.filter(({ what }) => what.includes("/")).map(heldJson),
});

/** Returns guests with their addresses, for programs. */
export const guestsJson = (guests: readonly BookedGuest[]): readonly object[] =>
  guests.map(({ name, host, file, hostname, nics }) => ({
    ...{ name, host, file, hostname },
    nics: nics.map((nic) => ({
      ...{ name: nic.name, mac: nic.mac, macs: nic.moreMacs, type: nic.kind, on: nic.on },
      vlans: nic.vlans === null ? null : vlansText(nic.vlans),
      addresses: nic.addresses.map(({ address, length, segment, sharing }) => ({
        ...{ address, length, network: segmentText(segment), sharing: sharing.kind },
      })),
      prefixes: nic.prefixes.map(({ prefix }) => prefix),
    })),
  }));

/** Returns the plan for programs. */
export const planJson = ({ entries, outside }: AddressPlan, guests: readonly BookedGuest[]): object => ({
  prefixes: entries.map(entryJson),
  outside: outside.map(heldJson),
  guests: guestsJson(guests),
});
