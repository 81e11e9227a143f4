import type { Brand } from "./brand.ts";
import type { Mac } from "./mac.ts";

/** A unicast host address in canonical text (RFC 5952 for IPv6), so that `===` is equality. */
export type Address = Brand<string, "Address">;
/** A network in canonical text, host bits zero: `2001:db8:53::/64`. */
export type Prefix = Brand<string, "Prefix">;
export type Family = "ipv4" | "ipv6";

/** The numbers of an IPv4 address; null when one is above 255, or written with a zero in front, which some read as octal. */
const readIpv4 = (text: string): Address | null => {
  const bytes = text.split(".");
  const good =
    bytes.length === 4 && bytes.every((byte) => /^(0|[1-9]\d{0,2})$/.test(byte) && Number(byte) < 256);
  return good ? (text as Address) : null;
};

/**
 * IPv6 is read by the URL parser, which Node has at hand: `isIPv6` compiles an expression at its first use, and `SocketAddress`
 * loads Node's sockets, either of which takes longer than all else that the hook does with addresses.
 */
const readIpv6 = (text: string): Address | null => {
  if (!/^[\da-f:.]+$/i.test(text)) return null;
  let host: string;
  try {
    host = new URL(`http://[${text}]`).hostname;
  } catch {
    return null;
  }
  // inet_ntop(3) writes the last 32 bits as IPv4 where exactly 96 bits before them are zero, or the address is a mapped one.
  return host
    .slice(1, -1)
    .replace(/^(::(?:ffff:)?)([\da-f]+):([\da-f]+)$/, (_, head: string, ...words: string[]) => {
      const bytes = words.slice(0, 2).flatMap((word) => [parseInt(word, 16) >> 8, parseInt(word, 16) & 255]);
      return head + bytes.join(".");
    }) as Address;
};

/**
 * The canonical text is inet_ntop(3)'s, as in what iproute2 prints.
 *
 * @returns the canonical address, or null when the text is none (a prefix length, a zone, octal)
 */
export const parseAddress = (text: string): Address | null =>
  text.includes(":") ? readIpv6(text) : readIpv4(text);

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

/** Returns the link-local address that belongs to a MAC address: modified EUI-64 (RFC 4291, appendix A), in canonical text. */
export const linkLocalOf = (mac: Mac): Address => {
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = mac.split(":").map((byte) => parseInt(byte, 16));
  const first = ((a ^ 2) << 8) | b;
  const words = [...(first === 0 ? [] : [first]), (c << 8) | 0xff, 0xfe00 | d, (e << 8) | f];
  return `fe80::${words.map((word) => word.toString(16)).join(":")}` as Address;
};
