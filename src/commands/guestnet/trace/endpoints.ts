import { lookup } from "node:dns/promises";
import { readNames } from "../../../run/virsh.ts";
import {
  chooseHolder,
  choosePair,
  chooseNic,
  type Chosen,
  familiesOf,
  type NicOptions,
} from "../../../trace/choose-nic.ts";
import type { UnobservedGuest } from "../../../trace/questions.ts";
import { type Address, type Family, familyOf, parseAddress } from "../../../values/address.ts";
import { Failure, usageError } from "../../../values/failure.ts";
import { nearest } from "../../../values/nearest.ts";
import { quoteWord } from "../../../values/shell-word.ts";
import type { Result } from "../../../values/result.ts";
import { findGuest, type FoundGuest, type OpenHosts } from "./find-guests.ts";
import { findHolders } from "./find-holders.ts";

/** Addresses beyond any host, for a packet of which only the destination was given. */
const ANYWHERE: Readonly<Record<Family, Address>> = {
  ipv4: "1.1.1.1" as Address,
  ipv6: "2606:4700:4700::1111" as Address,
};

/** One end of the way, before hosts are looked at. */
export type UnobservedParty =
  | { readonly kind: "guest"; readonly guest: UnobservedGuest; readonly found: FoundGuest }
  | { readonly kind: "outside"; readonly address: Address };

/** Both ends: the guest that was named, and what it was named with. */
export interface Endpoints {
  readonly family: Family;
  readonly guest: Extract<UnobservedParty, { readonly kind: "guest" }>;
  readonly peer: UnobservedParty;
}

/** What the command line says of the ends. */
export interface EndpointOptions extends NicOptions {
  readonly guest: string;
  readonly destination: string;
  readonly from: "guest" | "outside";
  readonly family: Family | null;
}

const notFound = async (name: string, { hosts, silent }: OpenHosts): Promise<Failure> => {
  const [failed] = silent;
  if (failed !== undefined) return failed;
  const names = (await Promise.all(hosts.map(({ virsh }) => readNames(virsh)))).flat();
  if (names.includes(name))
    return new Failure(`cannot trace guest ${name}: it is not running`, `virsh start ${quoteWord(name)}`);
  const like = nearest(name, names, 2);
  return new Failure(
    `cannot trace guest ${name}: it does not exist`,
    like === null ? "virsh list --all" : `did you mean ${like}?`,
  );
};

const resolved = async (name: string, opened: OpenHosts): Promise<readonly Address[]> => {
  if (opened.hosts.some(({ guests }) => guests.has(name))) throw await notFound(name, opened);
  try {
    const found = await lookup(name, { all: true });
    return found.flatMap(({ address }) => parseAddress(address) ?? []);
  } catch (error) {
    const known = await Promise.all(opened.hosts.map(({ virsh }) => readNames(virsh)));
    const like = nearest(name, known.flat(), 2);
    throw new Failure(
      `cannot trace to ${name}: it is not an address, a running guest, or a name that this host resolves`,
      like === null ? `getent ahosts ${quoteWord(name)}` : `did you mean ${like}?`,
      { cause: error },
    );
  }
};

const orThrow = <T>(result: Result<T, string>): T => {
  if (result.ok) return result.value;
  throw new Failure(`cannot trace: ${result.problems.join("; ")}`, "guestnet status");
};

const toPlacedGuest = (chosen: Chosen, found: FoundGuest): Endpoints["guest"] => ({
  kind: "guest",
  found,
  guest: {
    ...({ kind: "guest", name: found.domain.name } as const),
    ...chosen,
    paused: found.paused,
    plugged: !found.unplugged.has(chosen.nic.mac),
    host: found.host.label,
  },
});

const expectFamily = (wanted: Family | null, address: Address): Family => {
  const own = familyOf(address);
  if (wanted !== null && wanted !== own)
    throw usageError(
      `${address} is not an ${wanted === "ipv4" ? "IPv4" : "IPv6"} address`,
      `--family ${own}`,
    );
  return own;
};

/** The family of a way between two guests: one that both have, IPv4 first. */
const commonFamily = (from: FoundGuest, to: FoundGuest): Family => {
  const has = (found: FoundGuest, family: Family): boolean =>
    found.domain.nics.some((nic) => familiesOf(nic).has(family));
  const both = (["ipv4", "ipv6"] as const).find((family) => has(from, family) && has(to, family));
  return both ?? (has(to, "ipv6") && !has(to, "ipv4") ? "ipv6" : "ipv4");
};

const isOwn = ({ domain }: FoundGuest, address: Address): boolean =>
  (["ipv4", "ipv6"] as const).some((family) =>
    domain.nics.some((nic) => {
      const chosen = chooseNic({ ...domain, nics: [nic] }, { nic: null, vlan: null }, family, address);
      return chosen.ok && chosen.value.address === address;
    }),
  );

/** Guests that have an address, those on the same host as another guest first. */
const nearestFirst = (holders: readonly FoundGuest[], { host }: FoundGuest): readonly FoundGuest[] =>
  [...holders].sort((one, other) => Number(other.host === host) - Number(one.host === host));

const toAddress = async (
  found: FoundGuest,
  addresses: readonly Address[],
  options: EndpointOptions,
  { hosts }: OpenHosts,
): Promise<Endpoints> => {
  const families = new Set(found.domain.nics.flatMap((nic) => [...familiesOf(nic)]));
  const fit = addresses.filter((address) => options.family === null || familyOf(address) === options.family);
  const address = fit.find((one) => families.has(familyOf(one))) ?? fit[0] ?? addresses[0];
  if (address === undefined)
    throw new Failure(`cannot trace to ${options.destination}: it has no address`, "getent ahosts");
  const family = expectFamily(options.family, address);
  // From outside, the guest's own address is where the packet goes, and it may come from anywhere.
  const own = options.from === "outside" && isOwn(found, address);
  const others = own
    ? []
    : (await findHolders(address, hosts)).filter(({ domain }) => domain.uuid !== found.domain.uuid);
  const held = orThrow(chooseHolder(found.domain, nearestFirst(others, found), options, address));
  if (held !== null)
    return { family, guest: toPlacedGuest(held.from, found), peer: toPlacedGuest(held.to, held.holder) };
  const chosen = orThrow(chooseNic(found.domain, options, family, own ? address : null));
  return {
    family,
    guest: toPlacedGuest(chosen, found),
    peer: { kind: "outside", address: own ? ANYWHERE[family] : address },
  };
};

/** Finds both ends of the way. Rejects with a Failure for a guest that does not run, and for an unknown destination. */
export const findEndpoints = async (options: EndpointOptions, opened: OpenHosts): Promise<Endpoints> => {
  const found = findGuest(options.guest, opened.hosts);
  if (found === null) throw await notFound(options.guest, opened);
  if (options.from === "outside" && options.destination === options.guest) {
    const [first] = found.domain.nics.flatMap((nic) => [...familiesOf(nic)]);
    const family = options.family ?? first ?? "ipv4";
    const chosen = orThrow(chooseNic(found.domain, options, family));
    return {
      family,
      guest: toPlacedGuest(chosen, found),
      peer: { kind: "outside", address: ANYWHERE[family] },
    };
  }
  const address = parseAddress(options.destination);
  if (address !== null) return toAddress(found, [address], options, opened);
  const other = findGuest(options.destination, opened.hosts);
  if (other === null) return toAddress(found, await resolved(options.destination, opened), options, opened);
  const family = options.family ?? commonFamily(found, other);
  const pair = orThrow(choosePair(found.domain, other.domain, options, family));
  return { family, guest: toPlacedGuest(pair.from, found), peer: toPlacedGuest(pair.to, other) };
};
