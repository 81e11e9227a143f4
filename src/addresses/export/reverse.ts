import { type Address, familyOf, type Prefix } from "../../values/address.ts";
import { addressesIn, type BookedGuest } from "../book.ts";
import { byNumber, isInside, type Numbers, numberOf, numbersOf, partsOf } from "../numbers.ts";
import { dnsNames } from "./names.ts";
import type { ExportOptions, Product } from "./options.ts";

/** The labels of an address, the last number first: nibbles of IPv6 (RFC 3596, section 2.5), bytes of IPv4 (RFC 1035, section 3.5). */
const labelsOf = (address: Address): readonly string[] =>
  familyOf(address) === "ipv6"
    ? (numberOf(address).toString(16).padStart(32, "0").match(/./g) ?? []).reverse()
    : address.split(".").reverse();

const ROOTS = { ipv4: "in-addr.arpa", ipv6: "ip6.arpa" } as const;
/** Bits of a label, and the longest zone that still has labels for hosts. */
const LABEL_BITS = { ipv4: 8, ipv6: 4 } as const;
const LONGEST = { ipv4: 24, ipv6: 124 } as const;

/** Bits of the zones of a network: zones end between labels, so that a /20 has 16 zones of /24. */
const zoneBits = (network: Prefix): number => {
  const family = familyOf(network);
  const bits = LABEL_BITS[family];
  return Math.min(Math.max(Math.ceil(partsOf(network).length / bits) * bits, bits), LONGEST[family]);
};

/** Where an address without a network of the plan belongs. */
const USUAL = { ipv4: 24, ipv6: 64 } as const;

interface Owner {
  readonly zone: string;
  readonly label: string;
}

/** Returns the zone of an address and its name in there. */
const ownerOf = (address: Address, network: Prefix | null, classless: boolean): Owner => {
  const family = familyOf(address);
  const labels = labelsOf(address);
  const kept = (network === null ? USUAL[family] : zoneBits(network)) / LABEL_BITS[family];
  const zone = `${labels.slice(labels.length - kept).join(".")}.${ROOTS[family]}`;
  const label = labels.slice(0, labels.length - kept).join(".");
  if (network === null || !classless || family === "ipv6" || partsOf(network).length <= 24)
    return { zone, label };
  const { address: first, length } = partsOf(network);
  return { zone: `${first.split(".").at(-1) ?? ""}/${String(length)}.${zone}`, label };
};

interface Record extends Owner {
  readonly numbers: Numbers;
  readonly target: string;
}

const render = (zone: string, records: readonly Record[]): string => {
  const lines = records.map(({ label, target }) => `${label}\tIN\tPTR\t${target}.\n`);
  const [network, parent] = zone.includes("/") ? zone.split(/\.(.*)/s, 2) : [];
  // Who has the whole /24 points into a classless zone (RFC 2317, section 4).
  const aliases = records.map(({ label }) => `; ${label}\tIN\tCNAME\t${label}.${network ?? ""}\n`);
  const note = parent === undefined ? [] : [`; in ${parent}:\n`, ...aliases];
  return [...new Set([`$ORIGIN ${zone}.\n`, ...note, ...lines])].join("");
};

/** Returns PTR records by reverse zone, to be included in these ($INCLUDE). */
export const renderReverse = (
  guests: readonly BookedGuest[],
  { domain, classless, networks }: ExportOptions,
): readonly Product[] => {
  const outer = networks.map((network) => ({ network, numbers: numbersOf(network) }));
  // The smallest network that contains an address is the last of these.
  outer.sort((one, other) => byNumber(one.numbers, other.numbers));
  const zones = new Map<string, Record[]>();
  for (const guest of guests) {
    const target = dnsNames(guest, domain).full;
    for (const { address } of addressesIn(guest)) {
      const numbers = numbersOf(address);
      const network = outer.findLast((one) => isInside(numbers, one.numbers))?.network ?? null;
      const owner = ownerOf(address, network, classless);
      const records = zones.get(owner.zone) ?? [];
      records.push({ ...owner, numbers, target });
      zones.set(owner.zone, records);
    }
  }
  return [...zones].sort().map(([zone, records]) => ({
    name: zone.replaceAll("/", "-"),
    text: render(
      zone,
      records.sort((one, other) => byNumber(one.numbers, other.numbers)),
    ),
  }));
};
