import { type Address, familyOf, parseAddress, toHostPrefix, toInteger } from "../../values/address.ts";
import { isIn, spanOf } from "../../values/address-range.ts";
import { asList, asNumber, membersOf, asText } from "../../values/json.ts";
import { any, toTri, type Tri } from "./tri.ts";

/** One value of a packet, as rules compare it: an address, a port, a device's name, a state. */
export type Scalar = string | number | boolean;

/** A value, or several beside each other (nft(8), "concatenations"); null where one is not known. */
export type MatchValue = Scalar | null | readonly (Scalar | null)[];

/** A MAC address that is not known, except that it is no group's. */
export const SOME_STATION = "some station";

/** The first byte of a group's MAC address is odd (IEEE 802). */
const isGroupMac = (element: unknown): boolean => /^.[13579bdf]:/i.test(asText(element) ?? "");

/** Names that nft and iptables use for the same protocol. */
const PROTOCOLS: Readonly<Record<string, string>> = {
  ...{ "ipv6-icmp": "icmpv6", "58": "icmpv6", "1": "icmp", "6": "tcp", "17": "udp" },
};

/** One spelling for each protocol. */
export const protocolName = (text: string): string => PROTOCOLS[text] ?? text;

const toAddress = (value: Scalar): Address | null => (typeof value === "string" ? parseAddress(value) : null);

/** A name of a device with `*` at its end stands for all that begin so. */
const matchesName = (value: string, pattern: string): boolean =>
  pattern.endsWith("*") ? value.startsWith(pattern.slice(0, -1)) : value === pattern;

/** 128 bits, which nft writes as an address, as a number, or as text in hexadecimal. */
const bitsOf = (value: Scalar): bigint | null => {
  if (/^(0x[\da-f]+|\d+)$/.test(String(value))) return BigInt(value);
  const address = toAddress(value);
  return address === null || familyOf(address) === "ipv4" ? null : BigInt(toInteger(address));
};

const sameScalar = (value: Scalar, other: Scalar): boolean => {
  if (typeof value === "boolean" || typeof other === "boolean") return value === other;
  const [one, two] = [toAddress(value), toAddress(other)];
  if (one !== null && two !== null) return one === two;
  const [bits, others] = [bitsOf(value), bitsOf(other)];
  if (bits !== null && others !== null) return bits === others;
  if (typeof value === "string" && typeof other === "string")
    return matchesName(protocolName(value), protocolName(other));
  if (value === other) return true;
  return protocolName(String(value)) === protocolName(String(other));
};

/** Text whose order is that of the addresses. */
const orderOf = (address: Address): string => spanOf(toHostPrefix(address)).first;

const inRange = (value: Scalar, from: unknown, to: unknown): boolean => {
  const [first, last] = [asNumber(from), asNumber(to)];
  if (typeof value === "number" && first !== null && last !== null) return value >= first && value <= last;
  const [own, low, high] = [
    toAddress(value),
    parseAddress(asText(from) ?? ""),
    parseAddress(asText(to) ?? ""),
  ];
  if (own === null || low === null || high === null || familyOf(own) !== familyOf(low)) return false;
  return orderOf(own) >= orderOf(low) && orderOf(own) <= orderOf(high);
};

/** Compares a value with one element: a scalar, a prefix, a range. */
const equalsOne = (value: Scalar | null, element: unknown): Tri => {
  const json = membersOf(element);
  if (json["elem"] !== undefined) return equalsOne(value, membersOf(json["elem"])["val"]);
  if (element === "*") return "yes";
  if (value === null) return "unknown";
  if (json["prefix"] !== undefined) {
    const prefix = membersOf(json["prefix"]);
    const [own, network] = [toAddress(value), parseAddress(asText(prefix["addr"]) ?? "")];
    const length = asNumber(prefix["len"]);
    if (network === null || length === null) return "unknown";
    return toTri(own !== null && isIn(own, { address: network, length }));
  }
  if (json["range"] !== undefined) {
    const [from, to] = asList(json["range"]);
    return toTri(inRange(value, from, to));
  }
  if (value === SOME_STATION) return isGroupMac(element) ? "no" : "unknown";
  return typeof element === "string" || typeof element === "number" || typeof element === "boolean"
    ? toTri(sameScalar(value, element))
    : "unknown";
};

/** Compares a value, or several beside each other, with one element. */
export const equals = (value: MatchValue, element: unknown): Tri => {
  const inner = membersOf(element)["elem"];
  if (inner !== undefined) return equals(value, membersOf(inner)["val"]);
  if (typeof value !== "object" || value === null) return equalsOne(value, element);
  const parts = asList(membersOf(element)["concat"]);
  if (parts.length !== value.length) return "unknown";
  const each = value.map((one, at) => equalsOne(one, parts[at]));
  return each.includes("no") ? "no" : each.includes("unknown") ? "unknown" : "yes";
};

/** Whether a value is among elements. */
export const isAmong = (value: MatchValue, elements: readonly unknown[]): Tri =>
  any(elements.map((element) => equals(value, element)));
