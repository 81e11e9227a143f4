import { Argument, Option } from "commander";
import type { DocumentedCommand } from "../shared/documented-command.ts";
import type { HostUri } from "../../run/host-uri.ts";
import type { ColourWhen } from "./colour.ts";
import { colourOption } from "./colour-option.ts";
import { type GivenHosts, hostOptions, onHosts, toHostUri } from "./hosts/host-options.ts";
import { connectOption } from "./survey-options.ts";

interface Options extends GivenHosts {
  readonly connect: string;
  readonly json: boolean;
  readonly verbose: boolean;
  readonly color: ColourWhen;
  readonly peer?: HostUri;
  readonly site?: string;
}

/** Adds `guestnet doctor`. */
export const addDoctor = (program: DocumentedCommand): void => {
  hostOptions(program.command("doctor"), 30)
    .summary("check this host or a migration target, and suggest fixes")
    .description(
      "Check this host: versions, the hook and the daemon that runs it, bridges, VLANs of uplinks, forwarding, network managers. With --peer, check what a migration target lacks for the guests of this host. Nothing is changed.",
    )
    .addArgument(
      new Argument("[guest...]", "with --peer: running guests to migrate").default(undefined, "all"),
    )
    .addOption(connectOption())
    .addOption(
      new Option("--peer <uri>", "migration target, such as qemu+ssh://root@host2/system")
        .argParser(toHostUri)
        .conflicts(["host", "hosts"]),
    )
    .addOption(
      new Option("--site <host.json>", "compare the host's network with this file").conflicts("peer"),
    )
    .option("-v, --verbose", "show passed checks as well", false)
    .option("--json", "print JSON", false)
    .addOption(colourOption())
    .examples(
      ["guestnet doctor", "check this host"],
      ["guestnet doctor --verbose", "and passed checks"],
      ["guestnet doctor --site host.json", "and the host itself"],
      [`guestnet doctor --json | jq '.findings[] | select(.kind != "ok")'`],
      ["guestnet doctor --peer qemu+ssh://root@host2/system", "can guests migrate?"],
      ["guestnet doctor --peer qemu+ssh://root@host2/system web1"],
      ["guestnet doctor --hosts hosts.txt", "check several hosts"],
    )
    .exitCodes(
      ["0", "no error; warnings do not count"],
      ["1", "the state could not be found out"],
      ["2", "at least one error"],
    )
    .action(async (names: readonly string[], options: Options, command: DocumentedCommand) => {
      const { connect: uri, json, verbose, color, peer, site = null, timeout } = options;
      if (peer === undefined) {
        if (names.length > 0) command.error("error: guests can be named with --peer only");
        process.exitCode = await onHosts(
          options,
          async () => (await import("./doctor/doctor.ts")).doctorCommand({ uri, site, json, verbose, color }),
          async (hosts) =>
            (await import("./doctor/doctor-hosts.ts")).doctorOfHosts({
              ...hosts,
              site,
              json,
              verbose,
              color,
            }),
        );
      } else {
        const { peerCommand } = await import("./doctor/peer/peer.ts");
        process.exitCode = await peerCommand(names, { uri, peer, json, verbose, color, timeout });
      }
    });
};
