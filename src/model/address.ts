import { SocketAddress } from "node:net";
import type { Brand } from "./brand.ts";

/** A unicast host address in canonical text (RFC 5952 for IPv6), so that `===` is equality. */
export type Address = Brand<string, "Address">;
/** A network in canonical text, host bits zero: `2001:db8:53::/64`. */
export type Prefix = Brand<string, "Prefix">;
export type Family = "ipv4" | "ipv6";

/**
 * The canonical text is inet_ntop(3)'s, as in what iproute2 prints. `SocketAddress` reads by inet_pton(3); `isIPv6` compiles an
 * expression at its first use, which takes longer than all else that the hook does with addresses.
 *
 * @returns the canonical address, or null when the text is none (a prefix length, a zone, octal)
 */
export const parseAddress = (text: string): Address | null => {
  if (text.includes("%") || text.includes("\0")) return null; // where inet_pton stops reading
  try {
    const family = text.includes(":") ? "ipv6" : "ipv4";
    return new SocketAddress({ address: text, family }).address as Address;
  } catch {
    return null;
  }
};

/** inet_ntop(3) writes the last 32 bits of some as IPv4: `::0.1.0.0` is `::1:0`. */
export const inHex = (address: Address): string =>
  address.replace(/^(.*:)(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_, head: string, ...bytes: string[]) => {
    const [a = 0, b = 0, c = 0, d = 0] = bytes.slice(0, 4).map(Number);
    return `${head}${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`;
  });

/** The 128 bits of an IPv6 address as nft(8) writes an integer: hexadecimal, without leading zeros. */
export const toInteger = (address: Address): string => {
  const [head = "", tail = ""] = inHex(address)
    .split("::")
    .map((half) =>
      half
        .split(":")
        .map((word) => (word === "" ? "" : word.padStart(4, "0")))
        .join(""),
    );
  return `0x${(head + tail.padStart(32 - head.length, "0")).replace(/^0+(?=.)/, "")}`;
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
