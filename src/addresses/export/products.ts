import type { BookedGuest } from "../book.ts";
import { renderAnsible } from "./ansible.ts";
import { renderDnsmasq } from "./dnsmasq.ts";
import { renderFileSd } from "./file-sd.ts";
import { renderHosts } from "./hosts.ts";
import { renderNetbox } from "./netbox.ts";
import type { ExportFormat, ExportOptions, Product } from "./options.ts";
import { renderReverse } from "./reverse.ts";
import { renderZone } from "./zone.ts";

const one = (name: string, text: string): readonly Product[] => [{ name, text }];

/** Returns the files of a format, with the names that they have in a directory. */
export const productsOf = (
  format: ExportFormat,
  guests: readonly BookedGuest[],
  options: ExportOptions,
): readonly Product[] => {
  switch (format) {
    case "hosts":
      return one("hosts", renderHosts(guests, options));
    case "zone":
      return one(`${options.domain ?? "guests"}.zone`, renderZone(guests, options));
    case "reverse":
      return renderReverse(guests, options);
    case "dnsmasq":
      return one("guests.conf", renderDnsmasq(guests, options));
    case "ansible":
      return one("guests.yaml", renderAnsible(guests));
    case "file-sd":
      return one("guests.json", renderFileSd(guests, options));
    case "netbox":
      return renderNetbox(guests, options);
  }
};
