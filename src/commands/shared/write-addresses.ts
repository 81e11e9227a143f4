import { dnsNames, sameInDns } from "../../addresses/export/names.ts";
import type { BookedGuest } from "../../addresses/book.ts";
import { productsOf } from "../../addresses/export/products.ts";
import type { Product } from "../../addresses/export/options.ts";
import { targetOf, toDestination } from "../../files/destination.ts";
import { makeDirectory, writeChanged } from "../../files/write-file.ts";
import type { Prefix } from "../../values/address.ts";
import type { FormatSettings } from "./address-formats.ts";

/** Formats that name guests in DNS, where two names of guests can be one. */
const NAMED: ReadonlySet<string> = new Set(["hosts", "zone", "reverse", "dnsmasq", "ansible"]);

/** Writes files: several into a directory or, one after the other, to standard output. */
const write = (products: readonly Product[], output: string | null): void => {
  const to = toDestination(output, output !== null && products.length > 1);
  if (to.kind === "stdout") {
    process.stdout.write(products.map(({ text }) => text).join("\n"));
    return;
  }
  if (to.kind === "directory") makeDirectory(to.path);
  for (const { name, text } of products) writeChanged(targetOf(to, name), text);
};

/** The plan in the two formats that show it. */
export interface ShownAddresses {
  readonly table: () => string;
  readonly json: () => object;
}

/**
 * Writes guests' addresses in a format.
 *
 * @param networks of the plan, which are reverse zones
 * @returns names of guests that are one name in DNS, in sentences
 */
export const writeAddresses = (
  guests: readonly BookedGuest[],
  networks: readonly Prefix[],
  shown: ShownAddresses,
  { format, output, ...options }: FormatSettings,
): readonly string[] => {
  if (format === "table" || format === "json") {
    const text = format === "table" ? shown.table() : `${JSON.stringify(shown.json(), null, 2)}\n`;
    write([{ name: format === "table" ? "addresses.txt" : "addresses.json", text }], output);
    return [];
  }
  write(productsOf(format, guests, { ...options, networks }), output);
  if (!NAMED.has(format)) return [];
  return sameInDns(guests, options.domain).map(([one, other]) => {
    const { full } = dnsNames(other, options.domain);
    return `guests ${one.name} and ${other.name} are both ${full} in DNS: set "hostname" of "cloudInit" in one of them`;
  });
};
