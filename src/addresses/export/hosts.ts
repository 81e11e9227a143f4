import { addressesIn, type BookedGuest } from "../book.ts";
import { dnsNames } from "./names.ts";
import type { ExportOptions } from "./options.ts";

/** Returns lines for /etc/hosts (hosts(5)): the address, the full name, and the short one if it differs. */
export const renderHosts = (guests: readonly BookedGuest[], { domain }: ExportOptions): string => {
  const lines = guests.flatMap((guest) => {
    const { full, short } = dnsNames(guest, domain);
    return addressesIn(guest).map(
      ({ address }) => `${address}\t${full}${full === short ? "" : ` ${short}`}\n`,
    );
  });
  return [...new Set(lines)].join("");
};
