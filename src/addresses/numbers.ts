import {
  type Address,
  familyOf,
  type Family,
  hostLength,
  parseAddress,
  partsOf,
  type Prefix,
  toInteger,
} from "../values/address.ts";

/** Neighbouring addresses as numbers, ends included. */
export interface Numbers {
  readonly family: Family;
  readonly first: bigint;
  readonly last: bigint;
}

const bits = (family: Family): number => (family === "ipv6" ? 128 : 32);

/** Returns the address as a number: 32 bits or 128. */
export const numberOf = (address: Address): bigint =>
  familyOf(address) === "ipv6"
    ? BigInt(toInteger(address))
    : BigInt(address.split(".").reduce((number, byte) => number * 256 + Number(byte), 0));

/** Returns the address of a number. */
export const addressOf = (family: Family, number: bigint): Address => {
  const hex = number.toString(16).padStart(bits(family) / 4, "0");
  const text =
    family === "ipv6"
      ? (hex.match(/.{4}/g) ?? []).join(":")
      : (hex.match(/.{2}/g) ?? []).map((byte) => parseInt(byte, 16)).join(".");
  const address = parseAddress(text);
  if (address === null) throw new Error(`the number ${String(number)} is not an address`);
  return address;
};

/** Returns how many addresses a network of this length has. */
export const sizeOf = (family: Family, length: number): bigint => 1n << BigInt(bits(family) - length);

/** Returns what an address or a network covers. */
export const numbersOf = (what: Address | Prefix): Numbers => {
  const family = familyOf(what);
  if (!what.includes("/")) {
    const number = numberOf(what as Address);
    return { family, first: number, last: number };
  }
  const { address, length } = partsOf(what as Prefix);
  const first = numberOf(address);
  return { family, first, last: first + sizeOf(family, length) - 1n };
};

/** Returns the network of a length that begins with this number. */
export const prefixOf = (family: Family, first: bigint, length: number): Prefix =>
  `${addressOf(family, first)}/${String(length)}` as Prefix;

export const isInside = (inner: Numbers, outer: Numbers): boolean =>
  inner.family === outer.family && inner.first >= outer.first && inner.last <= outer.last;

export const overlap = (one: Numbers, other: Numbers): boolean =>
  one.family === other.family && one.first <= other.last && other.first <= one.last;

/** Orders by family, IPv4 first, then by the first number, then the larger first. */
export const byNumber = (one: Numbers, other: Numbers): number => {
  if (one.family !== other.family) return one.family === "ipv4" ? -1 : 1;
  if (one.first !== other.first) return one.first < other.first ? -1 : 1;
  if (one.last !== other.last) return one.last > other.last ? -1 : 1;
  return 0;
};

/**
 * Returns addresses that no host of a network can have: the network's own and, of IPv4, the broadcast address (RFC 1122, section
 * 3.2.1.3), or the subnet-router anycast address (RFC 4291, section 2.6.1). A /31 and a /127 have neither (RFC 3021, RFC 6164), nor
 * does a single address.
 */
export const ownNumbers = (prefix: Prefix): readonly Numbers[] => {
  const { family, first, last } = numbersOf(prefix);
  const { address, length } = partsOf(prefix);
  if (length >= hostLength(address) - 1) return [];
  const one = (number: bigint): Numbers => ({ family, first: number, last: number });
  return family === "ipv6" ? [one(first)] : [one(first), one(last)];
};
