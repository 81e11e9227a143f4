import { type Address, familyOf } from "../../values/address.ts";
import { untaggedVid } from "../../guest/port-vlans.ts";
import { addressesIn, type BookedGuest, type BookedNic } from "../book.ts";
import { dnsNames } from "./names.ts";
import type { ExportOptions } from "./options.ts";

const inFamily = (addresses: readonly Address[], family: "ipv4" | "ipv6"): readonly Address[] =>
  addresses.filter((address) => familyOf(address) === family);

/** A line has one address of each family (dnsmasq(8), --host-record). */
const hostRecords = (guest: BookedGuest, domain: string | null): readonly string[] => {
  const { full, short } = dnsNames(guest, domain);
  const all = [...new Set(addressesIn(guest).map(({ address }) => address))];
  const [v4, v6] = [inFamily(all, "ipv4"), inFamily(all, "ipv6")];
  return Array.from({ length: Math.max(v4.length, v6.length) }, (_, at) => {
    const words = [full, full === short ? undefined : short, v4[at], v6[at]];
    return `host-record=${words.filter((word) => word !== undefined).join(",")}\n`;
  });
};

/** The addresses of a NIC that DHCP could give it: its own, of untagged frames. */
const leasesOf = (nic: BookedNic): readonly Address[] => {
  const { vlans, addresses } = nic;
  const native = vlans === null ? null : untaggedVid(vlans);
  return addresses.flatMap(({ address, sharing, segment }) =>
    sharing.kind === "own" &&
    (segment.kind === "other" || (segment.kind === "vlan" && segment.vid === native))
      ? [address]
      : [],
  );
};

/** Words that dnsmasq reads as a lease time or a keyword, even where a name may be (dnsmasq(8), --dhcp-host). */
const NO_LEASE_NAME = /^(?:\d+[smhdw]?|infinite|ignore)$/i;

/** Returns names (host-record) and, for NICs in networks with DHCP, reservations (dhcp-host). */
export const renderDnsmasq = (guests: readonly BookedGuest[], { domain }: ExportOptions): string => {
  const records = guests.flatMap((guest) => hostRecords(guest, domain));
  // dnsmasq ends at the second reservation of an IPv4 address ("duplicate dhcp-host IP address").
  const seen = new Set<Address>();
  const reservations = guests.flatMap((guest) =>
    guest.nics.flatMap((nic) => {
      const leases = leasesOf(nic).filter((address) => !seen.has(address));
      for (const lease of leases) seen.add(lease);
      if (leases.length === 0) return [];
      const [v4] = inFamily(leases, "ipv4");
      const v6 = inFamily(leases, "ipv6").map((address) => `[${address}]`);
      const { short } = dnsNames(guest, domain);
      const name = NO_LEASE_NAME.test(short) ? [] : [short];
      const words = [nic.mac, ...(v4 === undefined ? [] : [v4]), ...v6, ...name];
      return [`dhcp-host=${words.join(",")}\n`];
    }),
  );
  return [...records, ...reservations].join("");
};
