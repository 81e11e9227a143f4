import { InvalidArgumentError, Option } from "commander";
import { type AddressFormat, ADDRESS_FORMATS } from "../../addresses/export/options.ts";
import type { DocumentedCommand } from "./documented-command.ts";

/** Options of a format for addresses. */
export interface FormatOptions {
  readonly format: AddressFormat;
  readonly json?: boolean;
  readonly output?: string;
  readonly domain?: string;
  readonly port: number;
  readonly cluster: string;
  readonly classless: boolean;
}

/** What to write and where. */
export interface FormatSettings {
  readonly format: AddressFormat;
  /** What `-o` names, or null for standard output. */
  readonly output: string | null;
  readonly domain: string | null;
  readonly port: number;
  readonly cluster: string;
  readonly classless: boolean;
}

/** A domain of hostnames (RFC 1123, section 2.1), with or without the dot of the root. */
const DOMAIN =
  /^(?=.{1,253}\.?$)[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*\.?$/;

const toDomain = (text: string): string => {
  if (!DOMAIN.test(text)) throw new InvalidArgumentError("It must be a domain such as example.org.");
  return text.replace(/\.$/, "");
};

const toPort = (text: string): number => {
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port < 1 || port > 65_535)
    throw new InvalidArgumentError("It must be a port, from 1 to 65535.");
  return port;
};

/** Adds the options that choose a format and complete what guests do not have themselves. */
export const withFormats = (command: DocumentedCommand): DocumentedCommand =>
  command
    .addOption(new Option("--format <name>", "output format").choices(ADDRESS_FORMATS).default("table"))
    .addOption(new Option("--json", "same as --format json"))
    .addOption(
      new Option("-o, --output <path>", "file, or directory for the files of a format").default(
        undefined,
        "standard output",
      ),
    )
    .addOption(new Option("--domain <name>", "domain of guests' hostnames, for DNS").argParser(toDomain))
    .addOption(
      new Option("--port <number>", "port of the exporter in guests, for file-sd")
        .argParser(toPort)
        .default(9100),
    )
    .addOption(new Option("--cluster <name>", "NetBox cluster of the virtual machines").default("guestnet"))
    .addOption(
      new Option("--classless", "reverse zones of IPv4 networks beyond /24 (RFC 2317)").default(false),
    );

/** Returns what was chosen. */
export const toSettings = (options: FormatOptions): FormatSettings => ({
  format: options.json === true ? "json" : options.format,
  output: options.output ?? null,
  domain: options.domain ?? null,
  port: options.port,
  cluster: options.cluster,
  classless: options.classless,
});
