import { Option } from "commander";
import { type FormatOptions, toSettings, withFormats } from "../shared/address-formats.ts";
import type { DocumentedCommand } from "../shared/documented-command.ts";
import { type GivenHosts, hostOptions, onHosts } from "./hosts/host-options.ts";
import { connectOption, guestsArgument } from "./survey-options.ts";

interface Options extends GivenHosts, FormatOptions {
  readonly connect: string;
  readonly diff?: readonly string[];
  readonly site?: string;
}

/** Adds `guestnet addresses`. */
export const addAddresses = (program: DocumentedCommand): void => {
  withFormats(hostOptions(program.command("addresses")))
    .summary("show or export addresses of running guests")
    .description(
      "Show the addresses of running guests: those of routed NICs, and those that anti-spoofing permits on bridge ports. With --diff, compare them with profiles.",
    )
    .addArgument(guestsArgument())
    .addOption(connectOption())
    .addOption(
      new Option("--diff <path...>", "profiles, or directories of them, to compare with").conflicts([
        "output",
        "domain",
      ]),
    )
    .addOption(
      new Option("--site <host.json>", "host.json of all profiles of --diff").default(
        undefined,
        "host.json beside the profile",
      ),
    )
    .examples(
      ["guestnet addresses", "all running guests"],
      ["guestnet addresses --hosts hosts.txt --format ansible > inventory.yaml"],
      ["guestnet addresses --hosts hosts.txt --diff guests/", "drift from profiles"],
    )
    .exitCodes(
      ["0", "success; with --diff, no difference"],
      ["1", "a guest or a profile could not be read, or a host does not answer"],
      ["2", "with --diff, a difference"],
    )
    .action(async (names: readonly string[], options: Options, command: DocumentedCommand) => {
      const { connect, diff, site = null } = options;
      if (diff !== undefined && !["table", "json"].includes(options.format))
        command.error(`error: option '--diff' cannot be combined with '--format ${options.format}'`);
      const settings = toSettings(options);
      // A guest that does not run is a difference, and another one may have its addresses.
      const asked = diff === undefined ? names : [];
      process.exitCode = await onHosts(
        options,
        async () => {
          const { readHere } = await import("./addresses/read-running.ts");
          const { addressesCommand } = await import("./addresses/addresses.ts");
          return addressesCommand(await readHere(asked, connect), names, {
            settings,
            site,
            diff: diff ?? null,
          });
        },
        async (hosts) => {
          const { readRunningOn: readThere } = await import("./addresses/read-running.ts");
          const { addressesCommand } = await import("./addresses/addresses.ts");
          return addressesCommand(await readThere(asked, hosts), names, {
            settings,
            site,
            diff: diff ?? null,
          });
        },
      );
    });
};
