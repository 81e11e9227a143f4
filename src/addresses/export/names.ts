import type { BookedGuest } from "../book.ts";

/** A guest's names in DNS. */
export interface DnsNames {
  /** With its domain, if it has one. */
  readonly full: string;
  /** Without. */
  readonly short: string;
}

/** Returns a guest's names. A hostname with a dot has its domain already. */
export const dnsNames = ({ hostname }: BookedGuest, domain: string | null): DnsNames => {
  const [short = hostname] = hostname.split(".", 1);
  return { full: domain === null || hostname.includes(".") ? hostname : `${hostname}.${domain}`, short };
};

/** Returns guests of different names that would be one in DNS, each pair once: `web_1` and `web-1`. */
export const sameInDns = (
  guests: readonly BookedGuest[],
  domain: string | null,
): readonly (readonly [BookedGuest, BookedGuest])[] => {
  const first = new Map<string, BookedGuest>();
  return guests.flatMap((guest): (readonly [BookedGuest, BookedGuest])[] => {
    const name = dnsNames(guest, domain).full.toLowerCase();
    const other = first.get(name);
    if (other === undefined) first.set(name, guest);
    return other === undefined || other.name === guest.name ? [] : [[other, guest]];
  });
};
