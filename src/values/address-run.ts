import ipaddr from "ipaddr.js";
import { type Address, familyOf, inHex, parseAddress, type Prefix } from "./address.ts";
import { hex, readPrefix, spanOf } from "./address-range.ts";

/** Neighbouring addresses of one family from the first to the last, ends included. */
export interface AddressRun {
  readonly first: Address;
  readonly last: Address;
}

const toText = (address: ipaddr.IPv4 | ipaddr.IPv6): Address | null => parseAddress(address.toString());
const order = (address: Address): string => hex(ipaddr.parse(inHex(address)));

const toRun = (prefix: Prefix): AddressRun | null => {
  const IP = familyOf(prefix) === "ipv6" ? ipaddr.IPv6 : ipaddr.IPv4;
  const first = toText(IP.networkAddressFromCIDR(prefix));
  const last = toText(IP.broadcastAddressFromCIDR(prefix));
  return first === null || last === null ? null : { first, last };
};

/** Reads `192.0.2.1`, `192.0.2.0/28` or `192.0.2.1-192.0.2.9`. @returns null for other text, and for a run that goes down */
export const parseAddressRun = (text: string): AddressRun | null => {
  const [from = "", to, ...more] = text.split("-");
  if (to === undefined) {
    const address = parseAddress(from);
    if (address !== null) return { first: address, last: address };
    const read = readPrefix(from);
    return read.kind === "prefix" ? toRun(read.prefix) : null;
  }
  const [first, last] = [parseAddress(from), parseAddress(to)];
  if (first === null || last === null || more.length > 0 || familyOf(first) !== familyOf(last)) return null;
  return order(first) <= order(last) ? { first, last } : null;
};

/** Returns whether all of the run is in the network. */
export const isRunIn = ({ first, last }: AddressRun, prefix: Prefix): boolean => {
  const network = spanOf(prefix);
  return order(first) >= network.first && order(last) <= network.last;
};
