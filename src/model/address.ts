import { isIPv4, isIPv6, SocketAddress } from "node:net";
import type { Brand } from "./brand.ts";

/** A unicast host address in canonical text (RFC 5952 for IPv6), so that `===` is equality. */
export type Address = Brand<string, "Address">;
/** A network in canonical text, host bits zero: `2001:db8:53::/64`. */
export type Prefix = Brand<string, "Prefix">;
export type Family = "ipv4" | "ipv6";

/**
 * The canonical text is inet_ntop(3)'s, as in what iproute2 prints.
 *
 * @returns the canonical address, or null when the text is none (a prefix length, a zone, octal)
 */
export const parseAddress = (text: string): Address | null => {
  if (isIPv4(text)) return text as Address;
  if (!isIPv6(text) || text.includes("%")) return null;
  return new SocketAddress({ address: text, family: "ipv6" }).address as Address;
};

/** `ipv4` or `ipv6`. */
export const familyOf = (address: Address | Prefix): Family => (address.includes(":") ? "ipv6" : "ipv4");

/** The prefix length that stands for one host: 32 or 128. */
export const hostLength = (address: Address): number => (familyOf(address) === "ipv6" ? 128 : 32);

/** The network of exactly this host: what a host route goes to. */
export const toHostPrefix = (address: Address): Prefix =>
  `${address}/${String(hostLength(address))}` as Prefix;

/**
 * Reads `NETWORK/LENGTH` from where it was written by us. Host bits are for the kernel to refuse: where people write, see
 * `readPrefix`.
 */
export const parsePrefix = (text: string): Prefix | null => {
  const match = /^([^/]+)\/(\d{1,3})$/.exec(text);
  const address = parseAddress(match?.[1] ?? "");
  const length = Number(match?.[2]);
  return address === null || length > hostLength(address) ? null : (`${address}/${String(length)}` as Prefix);
};
