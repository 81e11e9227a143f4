import ipaddr from "ipaddr.js";
import type { Brand } from "./brand.ts";

/** A unicast host address in canonical text (RFC 5952 for IPv6), so that `===` is equality. */
export type Address = Brand<string, "Address">;
/** A network in canonical text, host bits zero: `2001:db8:53::/64`. */
export type Prefix = Brand<string, "Prefix">;
export type Family = "ipv4" | "ipv6";

const parseStrict = (text: string): ipaddr.IPv4 | ipaddr.IPv6 | null => {
  // ipaddr.js also reads 010.1 and 0x7f.1 as inet_aton does, and zones; a host route has neither.
  if (ipaddr.IPv4.isValidFourPartDecimal(text)) return ipaddr.IPv4.parse(text);
  return text.includes(":") && !text.includes("%") && ipaddr.IPv6.isValid(text)
    ? ipaddr.IPv6.parse(text)
    : null;
};

/** @returns the canonical address, or null when the text is none (a prefix length, a zone, octal) */
export const parseAddress = (text: string): Address | null => {
  const address = parseStrict(text);
  return address === null ? null : (address.toString() as Address);
};

/** `ipv4` or `ipv6`. */
export const familyOf = (address: Address | Prefix): Family => (address.includes(":") ? "ipv6" : "ipv4");

/**
 * What kind of address it is, as ipaddr.js names the ranges (`unicast`, `multicast`, `linkLocal`, `loopback` …).
 * Documentation and private ranges are as good as any for a guest.
 */
export const rangeOf = (address: Address): string => ipaddr.parse(address).range();

/** Ranges of {@link rangeOf} in which no guest can have an address that is routed to it. */
export const UNROUTABLE: ReadonlySet<string> = new Set([
  "unspecified",
  "multicast",
  "linkLocal",
  "ipv4Mapped",
  "loopback",
  "broadcast",
]);

/** The prefix length that stands for one host: 32 or 128. */
export const hostLength = (address: Address): number => (familyOf(address) === "ipv6" ? 128 : 32);

/** The network of exactly this host: what a host route goes to. */
export const toHostPrefix = (address: Address): Prefix =>
  `${address}/${String(hostLength(address))}` as Prefix;

/** A prefix that was read, or why it cannot be one. */
export type ReadPrefix =
  | { readonly kind: "prefix"; readonly prefix: Prefix; readonly length: number }
  | { readonly kind: "host-bits"; readonly network: Prefix }
  | { readonly kind: "not-a-prefix" };

/** Reads `NETWORK/LENGTH`; a network with host bits set is given back with them cleared, for the message. */
export const readPrefix = (text: string): ReadPrefix => {
  const match = /^([^/]+)\/(\d{1,3})$/.exec(text);
  const address = match?.[1] === undefined ? null : parseStrict(match[1]);
  const length = Number(match?.[2]);
  if (address === null || length > (address.kind() === "ipv6" ? 128 : 32)) return { kind: "not-a-prefix" };
  const cidr = `${address.toString()}/${String(length)}`;
  const network = (address.kind() === "ipv6" ? ipaddr.IPv6 : ipaddr.IPv4).networkAddressFromCIDR(cidr);
  const prefix = `${network.toString()}/${String(length)}` as Prefix;
  return network.toString() === address.toString()
    ? { kind: "prefix", prefix, length }
    : { kind: "host-bits", network: prefix };
};

/** An address as an interface has it: with the length of the network that is on link. */
export interface InterfaceAddress {
  readonly address: Address;
  readonly length: number;
}

/** The network that is on link. */
export const toNetworkOf = ({ address, length }: InterfaceAddress): Prefix => {
  const cidr = `${address}/${String(length)}`;
  const network = (familyOf(address) === "ipv6" ? ipaddr.IPv6 : ipaddr.IPv4).networkAddressFromCIDR(cidr);
  return `${network.toString()}/${String(length)}` as Prefix;
};

/** Whether the address is on link for the interface. */
export const isIn = (address: Address, { address: own, length }: InterfaceAddress): boolean =>
  familyOf(address) === familyOf(own) &&
  toNetworkOf({ address, length }) === toNetworkOf({ address: own, length });
