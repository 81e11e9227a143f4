import { InvalidArgumentError, Option } from "commander";
import { readPrefix } from "../../values/address-range.ts";
import type { Prefix } from "../../values/address.ts";
import { type FormatOptions, toSettings, withFormats } from "../shared/address-formats.ts";
import type { DocumentedCommand } from "../shared/documented-command.ts";
import { type CheckFormat, toReport } from "./check-options.ts";
import { siteOf, type SiteOptions, withSite } from "./site-option.ts";

const toPrefix = (text: string): Prefix => {
  const read = readPrefix(text);
  if (read.kind === "prefix") return read.prefix;
  throw new InvalidArgumentError(
    read.kind === "host-bits"
      ? `It has bits set after the prefix length: ${read.network}.`
      : "It must be a network such as 2001:db8:53::/64 or 198.51.100.0/28.",
  );
};

const toNumber = (what: string, most: number) => (text: string) => {
  const [, digits] = /^\/?(\d{1,3})$/.exec(text) ?? [];
  const number = Number(digits);
  if (digits === undefined || number > most)
    throw new InvalidArgumentError(`It must be ${what}, from 0 to ${String(most)}.`);
  return number;
};

const oneMore = (path: string, before: readonly string[] = []): readonly string[] => [...before, path];

interface AssignOptions extends CheckFormat, SiteOptions {
  readonly from?: Prefix;
  readonly prefix?: number;
  readonly nic?: number;
  readonly among?: readonly string[];
  readonly dryRun: boolean;
}

const addAssign = (addresses: DocumentedCommand): void => {
  withSite(addresses.command("assign"), "host whose networks are used")
    .summary("write free addresses into profiles")
    .description(
      "Write the next free address of each family into routed interfaces that have none. Addresses of other profiles in the same directories, of the host and of routers, and reserved ones are not used. All profiles are written, or none.",
    )
    .argument("<profile...>", "guest profiles and directories of them")
    .addOption(new Option("--from <prefix>", "network to take from, in one of host.json").argParser(toPrefix))
    .addOption(
      new Option(
        "--prefix <length>",
        "route a free network of this length to the interface as well",
      ).argParser(toNumber("a prefix length", 128)),
    )
    .addOption(
      new Option("--nic <index>", "interface to assign to, routed or in a VLAN with prefixes").argParser(
        toNumber("the index of an interface", 255),
      ),
    )
    .addOption(
      new Option("--among <path>", "more profiles whose addresses are taken; repeatable").argParser(oneMore),
    )
    .option("--dry-run", "show what would be assigned only", false)
    .option("--json", "show what was assigned as JSON")
    .option("-q, --quiet", "report errors only")
    .examples(
      ["genxml addresses assign web1.json", "one address of each family"],
      ["genxml addresses assign vpn1.json --prefix 64", "and a network"],
      ["genxml addresses assign db1.json --from 192.0.2.64/26"],
      ["genxml addresses assign guests/ --dry-run", "all that lack addresses"],
    )
    .action(async (paths: readonly string[], _: unknown, self: DocumentedCommand) => {
      const options = self.optsWithGlobals<AssignOptions>();
      const { from = null, prefix: length = null, nic = null, among = [], dryRun } = options;
      const { assignCommand } = await import("./addresses/assign.ts");
      const given = { from, length, nic, among, dryRun, site: siteOf(options) };
      process.exitCode = await assignCommand(paths, given, toReport(options));
    });
};

/** Adds `genxml addresses`. */
export const addAddresses = (program: DocumentedCommand): void => {
  const command = withFormats(withSite(program.command("addresses"), "host whose networks are planned"))
    .summary("show or export the address plan, or assign addresses")
    .description(
      "Show the networks of host.json with the addresses of profiles, and what is free. Other formats export the addresses for DNS, Ansible, Prometheus, NetBox and dnsmasq.",
    )
    .argument("<profile...>", "guest profiles and directories of them; - is standard input")
    .option("--strict", "treat warnings as errors")
    .option("-q, --quiet", "report errors only")
    .enablePositionalOptions()
    .examples(
      ["genxml addresses guests/"],
      ["genxml addresses guests/ --json | jq '.prefixes[].nextFree'"],
      ["genxml addresses guests/ --format zone --domain example.org > guests.zone"],
      ["genxml addresses guests/ --format reverse -o reverse/", "a file for each zone"],
      ["genxml addresses guests/ --format ansible > inventory.yaml"],
    )
    .action(async (paths: readonly string[], _: unknown, self: DocumentedCommand) => {
      // -o, --json and --site are options of `genxml FILE` as well: whichever commander gave them to.
      const options = self.optsWithGlobals<FormatOptions & CheckFormat & SiteOptions>();
      const { addressesCommand } = await import("./addresses/addresses.ts");
      process.exitCode = await addressesCommand(
        paths,
        siteOf(options),
        toSettings(options),
        toReport(options),
      );
    });
  addAssign(command);
};
