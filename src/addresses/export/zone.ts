import { familyOf } from "../../values/address.ts";
import { addressesIn, type BookedGuest } from "../book.ts";
import { dnsNames } from "./names.ts";
import type { ExportOptions } from "./options.ts";

const TYPES = { ipv4: "A", ipv6: "AAAA" } as const;

/** Returns a name in a zone file: relative to the domain, or absolute, with a dot at its end (RFC 1035, section 5.1). */
const nameIn = (guest: BookedGuest, domain: string | null): string => {
  const { full } = dnsNames(guest, domain);
  if (domain !== null && full.toLowerCase().endsWith(`.${domain.toLowerCase()}`))
    return full.slice(0, -domain.length - 1);
  return full.includes(".") ? `${full}.` : full;
};

/** Returns A and AAAA records, to be included in a zone ($INCLUDE). Names are relative: the zone or `--domain` is their origin. */
export const renderZone = (guests: readonly BookedGuest[], { domain }: ExportOptions): string => {
  const lines = guests.flatMap((guest) =>
    addressesIn(guest).map(
      ({ address }) => `${nameIn(guest, domain)}\tIN\t${TYPES[familyOf(address)]}\t${address}\n`,
    ),
  );
  return `${domain === null ? "" : `$ORIGIN ${domain}.\n`}${[...new Set(lines)].join("")}`;
};
