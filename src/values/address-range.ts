import ipaddr from "ipaddr.js";
import {
  type Address,
  familyOf,
  inHex,
  parseAddress,
  parsePrefix,
  partsOf,
  type Prefix,
  toHostPrefix,
} from "./address.ts";

/**
 * What kind of address it is, as ipaddr.js names the ranges (`unicast`, `multicast`, `linkLocal`, `loopback` …).
 * Guests may have addresses of private networks (RFC 1918) and of those for examples (RFC 5737, RFC 3849): see {@link isUnroutable}.
 */
export const addressKind = (address: Address): string => ipaddr.parse(inHex(address)).range();

/** Ranges in which no guest can have an address that is routed to it. */
const UNROUTABLE: ReadonlySet<string> = new Set([
  "unspecified",
  "multicast",
  "linkLocal",
  "ipv4Mapped",
  "loopback",
  "broadcast",
]);

/** How the canonical text of every unroutable address begins, and of few others: to name a range takes long. */
const MAYBE_UNROUTABLE = /^(?:::|f[ef]|0\.|127\.|169\.254\.|2[2-5]\d\.)/;

/** Returns whether no guest can have the address, or a network that begins with it. */
export const isUnroutable = (address: Address): boolean =>
  MAYBE_UNROUTABLE.test(address) && UNROUTABLE.has(addressKind(address));

/** A prefix that was read, or why it cannot be one. */
export type ReadPrefix =
  | { readonly kind: "prefix"; readonly prefix: Prefix; readonly length: number }
  | { readonly kind: "host-bits"; readonly network: Prefix }
  | { readonly kind: "not-a-prefix" };

/** Reads `NETWORK/LENGTH`; a network with host bits set is given back with them cleared, for the message. */
export const readPrefix = (text: string): ReadPrefix => {
  const prefix = parsePrefix(text);
  if (prefix === null) return { kind: "not-a-prefix" };
  const network = toNetworkOf(partsOf(prefix));
  return network === prefix
    ? { kind: "prefix", prefix, length: partsOf(prefix).length }
    : { kind: "host-bits", network };
};

/** An address as an interface has it: with the length of the network that is on link. */
export interface InterfaceAddress {
  readonly address: Address;
  readonly length: number;
}

/** Returns it as programs write it: `192.0.2.1/24`. */
export const cidr = ({ address, length }: InterfaceAddress): string => `${address}/${String(length)}`;

/** The network that is on link. */
export const toNetworkOf = ({ address, length }: InterfaceAddress): Prefix => {
  // ipaddr.js takes the mixed notation for another address.
  const cidr = `${inHex(address)}/${String(length)}`;
  const network = (familyOf(address) === "ipv6" ? ipaddr.IPv6 : ipaddr.IPv4).networkAddressFromCIDR(cidr);
  return `${parseAddress(network.toString()) ?? ""}/${String(length)}` as Prefix;
};

/**
 * Returns whether it is an address that no host of an IPv4 network can have: the network's own one, or that of broadcasts (RFC 1122,
 * section 3.2.1.3). A /31 and a /32 have neither (RFC 3021).
 */
export const isNetworksOwn = (address: Address, own: InterfaceAddress): boolean => {
  if (familyOf(own.address) === "ipv6" || own.length > 30) return false;
  const network = ipaddr.IPv4.networkAddressFromCIDR(cidr(own)).toString();
  return address === network || address === ipaddr.IPv4.broadcastAddressFromCIDR(cidr(own)).toString();
};

/** Returns whether the address is on link for the interface. */
export const isIn = (address: Address, { address: own, length }: InterfaceAddress): boolean =>
  familyOf(address) === familyOf(own) &&
  toNetworkOf({ address, length }) === toNetworkOf({ address: own, length });

/** A network's first and last address, written so that text order is number order within and between the families. */
export interface Span {
  readonly first: string;
  readonly last: string;
}

/** An address so that text order is number order within and between the families. */
export const hex = (address: ipaddr.IPv4 | ipaddr.IPv6): string =>
  `${address.kind()} ${address
    .toByteArray()
    .map((byte) => byte.toString(16).padStart(2, "0"))
    .join("")}`;

/** Returns what a network covers. */
export const spanOf = (prefix: Prefix): Span => {
  const IP = familyOf(prefix) === "ipv6" ? ipaddr.IPv6 : ipaddr.IPv4;
  return {
    first: hex(IP.networkAddressFromCIDR(prefix)),
    last: hex(IP.broadcastAddressFromCIDR(prefix)),
  };
};

/** Returns whether an address is in a network. */
export const covers = (network: Prefix, address: Address): boolean => {
  const [outer, inner] = [spanOf(network), spanOf(toHostPrefix(address))];
  return outer.first <= inner.first && inner.last <= outer.last;
};

const inOrder = ({ span: a }: { readonly span: Span }, { span: b }: { readonly span: Span }): number =>
  a.first < b.first || (a.first === b.first && a.last > b.last) ? -1 : 1;

/**
 * Finds networks inside others, each with the smallest that counts. Networks are nested or apart, never astride: so one pass in their
 * order is enough.
 *
 * @param counts whether an outer network matters for an inner one
 */
export const nestedIn = <T extends { readonly span: Span }>(
  all: readonly T[],
  counts: (outer: T, inner: T) => boolean,
): readonly { readonly inner: T; readonly outer: T }[] => {
  const open: T[] = [];
  return [...all].sort(inOrder).flatMap((inner) => {
    for (let top = open.at(-1); top !== undefined && top.span.last < inner.span.first; top = open.at(-1))
      open.pop();
    const outer = open.findLast((one) => counts(one, inner));
    open.push(inner);
    return outer === undefined ? [] : [{ inner, outer }];
  });
};
