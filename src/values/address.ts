import type { Brand } from "./brand.ts";
import type { Mac } from "./mac.ts";

/** A unicast host address in canonical text (RFC 5952 for IPv6), so that `===` is equality. */
export type Address = Brand<string, "Address">;
/** A network in canonical text, host bits zero: `2001:db8:53::/64`. */
export type Prefix = Brand<string, "Prefix">;
export type Family = "ipv4" | "ipv6";

const BYTE = /^(?:0|[1-9]\d{0,2})$/;
const WORD = /^[\da-f]{1,4}$/i;

/** The numbers of an IPv4 address; null when one is above 255, or written with a zero in front, which some read as octal. */
const readIpv4 = (text: string): Address | null => {
  const bytes = text.split(".");
  const good = bytes.length === 4 && bytes.every((byte) => BYTE.test(byte) && Number(byte) < 256);
  return good ? (text as Address) : null;
};

/** Two bytes as one word of an IPv6 address. */
const toWord = (high = 0, low = 0): number => high * 256 + low;

/** The words on one side of `::`; null where one is none. The last two may be written as IPv4. */
const readWords = (side: string): readonly number[] | null => {
  const words: number[] = [];
  if (side === "") return words;
  const parts = side.split(":");
  for (let index = 0; index < parts.length; index += 1) {
    const part = parts[index] ?? "";
    if (WORD.test(part)) words.push(parseInt(part, 16));
    else if (index === parts.length - 1 && readIpv4(part) !== null) {
      const [a, b, c, d] = part.split(".").map(Number);
      words.push(toWord(a, b), toWord(c, d));
    } else return null;
  }
  return words;
};

/** All eight words; null for more, or for fewer without a `::` that replaces at least one. */
const readAllWords = (text: string): readonly number[] | null => {
  const [left = "", right, ...more] = text.split("::");
  const [before, after] = [readWords(left), readWords(right ?? "")];
  if (before === null || after === null || more.length > 0) return null;
  if (right === undefined) return before.length === 8 ? before : null;
  const zeros = 8 - before.length - after.length;
  // IPv4 comes at the very end.
  return zeros < 1 || left.includes(".") ? null : [...before, ...Array<number>(zeros).fill(0), ...after];
};

/** Returns the position and the length of the first longest run of zero words. */
const longestZeros = (words: readonly number[]): { readonly start: number; readonly length: number } => {
  let best = { start: 0, length: 0 };
  let length = 0;
  for (let index = 0; index < words.length; index += 1) {
    length = words[index] === 0 ? length + 1 : 0;
    if (length > best.length) best = { start: index - length + 1, length };
  }
  return best;
};

/** Calculated here, because the hook's engine need not have a URL parser or anything else that reads addresses. */
const readIpv6 = (text: string): Address | null => {
  const words = readAllWords(text);
  if (words === null) return null;
  const { start, length } = longestZeros(words);
  const inHexadecimal = (some: readonly number[]): string => some.map((word) => word.toString(16)).join(":");
  if (length < 2) return inHexadecimal(words) as Address;
  // inet_ntop(3) writes the last 32 bits as IPv4 where exactly 96 bits before them are zero, or the address is a mapped one.
  const mapped = length === 5 && words[5] === 0xffff;
  if (start === 0 && (length === 6 || mapped)) {
    const bytes = words.slice(6).flatMap((word) => [word >> 8, word & 255]);
    return `::${mapped ? "ffff:" : ""}${bytes.join(".")}` as Address;
  }
  return `${inHexadecimal(words.slice(0, start))}::${inHexadecimal(words.slice(start + length))}` as Address;
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
  !address.includes(".")
    ? address
    : address.replace(/^(.*:)(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_, head: string, ...bytes: string[]) => {
        const [a = 0, b = 0, c = 0, d = 0] = bytes.slice(0, 4).map(Number);
        return `${head}${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`;
      });

/** The words on one side of `::`, four digits each. */
const inDigits = (side: string): string => {
  let digits = "";
  if (side !== "") for (const word of side.split(":")) digits += word.padStart(4, "0");
  return digits;
};

/** The 128 bits of an IPv6 address as nft(8) writes an integer: hexadecimal, without leading zeros. */
export const toInteger = (address: Address): string => {
  const [left = "", right = ""] = inHex(address).split("::");
  const [head, tail] = [inDigits(left), inDigits(right)];
  return `0x${(head + tail.padStart(32 - head.length, "0")).replace(/^0+(?=.)/, "")}`;
};

/** `ipv4` or `ipv6`. */
export const familyOf = (address: Address | Prefix): Family => (address.includes(":") ? "ipv6" : "ipv4");

/** The prefix length of a single host: 32 or 128. */
export const hostLength = (address: Address): number => (familyOf(address) === "ipv6" ? 128 : 32);

/** The network of exactly this host: what a host route goes to. */
export const toHostPrefix = (address: Address): Prefix =>
  `${address}/${String(hostLength(address))}` as Prefix;

/**
 * Reads `NETWORK/LENGTH` as the programs write it. The kernel refuses host bits; for text of users see
 * `readPrefix`.
 */
export const parsePrefix = (text: string): Prefix | null => {
  const match = /^([^/]+)\/(\d{1,3})$/.exec(text);
  const address = parseAddress(match?.[1] ?? "");
  const length = Number(match?.[2]);
  return address === null || length > hostLength(address) ? null : (`${address}/${String(length)}` as Prefix);
};

/** A network's first address and its length. */
export interface PrefixParts {
  readonly address: Address;
  readonly length: number;
}

/** Splits `NETWORK/LENGTH`. */
export const partsOf = (prefix: Prefix): PrefixParts => {
  const slash = prefix.indexOf("/");
  return { address: prefix.slice(0, slash) as Address, length: Number(prefix.slice(slash + 1)) };
};

/** Returns the link-local address that belongs to a MAC address: modified EUI-64 (RFC 4291, appendix A), in canonical text. */
export const linkLocalOf = (mac: Mac): Address => {
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = mac.split(":").map((byte) => parseInt(byte, 16));
  const first = ((a ^ 2) << 8) | b;
  const words = [...(first === 0 ? [] : [first]), (c << 8) | 0xff, 0xfe00 | d, (e << 8) | f];
  return `fe80::${words.map((word) => word.toString(16)).join(":")}` as Address;
};
