import { type Address, familyOf, partsOf, type Prefix } from "../../values/address.ts";
import { addressesIn, type BookedGuest } from "../book.ts";
import { byNumber, isInside, type Numbers, numberOf, numbersOf } from "../numbers.ts";
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

interface Zone {
  readonly name: string;
  /** Of a classless zone: its first label, and the zone above, which points into it (RFC 2317, section 4). */
  readonly classless: { readonly network: string; readonly parent: string } | null;
}

interface Owner {
  readonly zone: Zone;
  readonly label: string;
}

/** Returns the zone of an address and its name in there. */
const ownerOf = (address: Address, network: Prefix | null, classless: boolean): Owner => {
  const family = familyOf(address);
  const labels = labelsOf(address);
  const kept = (network === null ? USUAL[family] : zoneBits(network)) / LABEL_BITS[family];
  const parent = `${labels.slice(labels.length - kept).join(".")}.${ROOTS[family]}`;
  const label = labels.slice(0, labels.length - kept).join(".");
  if (network === null || !classless || family === "ipv6" || partsOf(network).length <= 24)
    return { zone: { name: parent, classless: null }, label };
  const { address: first, length } = partsOf(network);
  const own = `${labelsOf(first)[0] ?? ""}/${String(length)}`;
  return { zone: { name: `${own}.${parent}`, classless: { network: own, parent } }, label };
};

interface Record extends Owner {
  readonly numbers: Numbers;
  readonly target: string;
}

const render = ({ name, classless }: Zone, records: readonly Record[]): string => {
  const lines = records.map(({ label, target }) => `${label}\tIN\tPTR\t${target}.\n`);
  const note =
    classless === null
      ? []
      : [
          `; in ${classless.parent}:\n`,
          ...records.map(({ label }) => `; ${label}\tIN\tCNAME\t${label}.${classless.network}\n`),
        ];
  return [...new Set([`$ORIGIN ${name}.\n`, ...note, ...lines])].join("");
};

/** Returns PTR records by reverse zone, to be included in these ($INCLUDE). */
export const renderReverse = (
  guests: readonly BookedGuest[],
  { domain, classless, networks }: ExportOptions,
): readonly Product[] => {
  const outer = networks.map((network) => ({ network, numbers: numbersOf(network) }));
  // The smallest network that contains an address is the last of these.
  outer.sort((one, other) => byNumber(one.numbers, other.numbers));
  const zones = new Map<string, { readonly zone: Zone; readonly records: Record[] }>();
  for (const guest of guests) {
    const target = dnsNames(guest, domain).full;
    for (const { address } of addressesIn(guest)) {
      const numbers = numbersOf(address);
      const network = outer.findLast((one) => isInside(numbers, one.numbers))?.network ?? null;
      const owner = ownerOf(address, network, classless);
      const known = zones.get(owner.zone.name) ?? { zone: owner.zone, records: [] };
      known.records.push({ ...owner, numbers, target });
      zones.set(owner.zone.name, known);
    }
  }
  const inOrder = [...zones.values()].sort((one, other) => (one.zone.name < other.zone.name ? -1 : 1));
  return inOrder.map(({ zone, records }) => ({
    name: zone.name.replaceAll("/", "-"),
    text: render(
      zone,
      records.sort((one, other) => byNumber(one.numbers, other.numbers)),
    ),
  }));
};
