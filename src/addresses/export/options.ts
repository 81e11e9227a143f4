import type { Prefix } from "../../values/address.ts";

/** Formats for other programs. */
const EXPORT_FORMATS = ["hosts", "zone", "reverse", "dnsmasq", "ansible", "file-sd", "netbox"] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** All formats: `table` and `json` show the plan itself. */
export const ADDRESS_FORMATS = ["table", "json", ...EXPORT_FORMATS] as const;
export type AddressFormat = (typeof ADDRESS_FORMATS)[number];

/** Settings of the formats that guests do not have themselves. */
export interface ExportOptions {
  /** The domain of hostnames without one; null for none. */
  readonly domain: string | null;
  /** The port of a Prometheus exporter in the guests. */
  readonly port: number;
  /** NetBox's cluster of the virtual machines. */
  readonly cluster: string;
  /** Whether IPv4 networks longer than /24 have reverse zones of their own (RFC 2317). */
  readonly classless: boolean;
  /** Networks of the plan, which are reverse zones. */
  readonly networks: readonly Prefix[];
}

/** A file that a format makes. Most make one. */
export interface Product {
  /** Its name in a directory. */
  readonly name: string;
  readonly text: string;
}
