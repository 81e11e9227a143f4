import { readRunning } from "../../../run/virsh.ts";
import type { Address } from "../../../values/address.ts";
import { parseAddress, parsePrefix } from "../../../values/address.ts";
import { covers } from "../../../values/address-range.ts";
import { parseXml } from "../../../xml/parse.ts";
import { child, textOf } from "../../../xml/tree.ts";
import {
  type FoundGuest,
  readNamedGuests,
  runningAmong,
  type GuestOnHost,
  type TracedHost,
} from "./find-guests.ts";

/** Addresses and prefixes in guestnet's metadata; libvirt's own elements of these names have attributes in place of text. */
const NETWORKS = /<(?:[\w.-]+:)?(?:address|prefix)(?:\s[^<>]*)?>([^<]*)</g;

/** Whether a domain's XML has an address, or a network around it: to read hundreds of them whole would take much longer. */
const mayHold = (xml: string, address: Address): boolean =>
  [...xml.matchAll(NETWORKS)].some(([, text = ""]) => {
    const written = text.trim();
    if (parseAddress(written) === address) return true;
    const prefix = parsePrefix(written);
    return prefix !== null && covers(prefix, address);
  });

const holdersOn = async (
  host: TracedHost,
  address: Address,
): Promise<readonly (readonly [string, GuestOnHost])[]> => {
  const xmls = (await readRunning(host.virsh)).filter((xml) => mayHold(xml, address));
  const names = xmls.map((xml) => textOf(child(parseXml(xml), "name")));
  const guests = await readNamedGuests(host.virsh, names);
  return [...guests].map(([name, guest]) => [name, { host, ...guest }] as const);
};

/**
 * Finds running guests whose metadata has an address, or a network that it is in. It is their metadata that counts: the host's
 * routes and rules are what a trace is to judge.
 */
export const findHolders = async (
  address: Address,
  hosts: readonly TracedHost[],
): Promise<readonly FoundGuest[]> => {
  const found = (await Promise.all(hosts.map((host) => holdersOn(host, address)))).flat();
  return [...new Set(found.map(([name]) => name))].flatMap((name) => {
    const guest = runningAmong(
      name,
      found.flatMap(([one, there]) => (one === name ? [there] : [])),
    );
    return guest ?? [];
  });
};
