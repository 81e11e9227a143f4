import { Option } from "commander";
import type { DocumentedCommand } from "../shared/documented-command.ts";
import { type GivenHosts, hostOptions, onHosts } from "./hosts/host-options.ts";
import { connectOption, guestsArgument } from "./survey-options.ts";

interface Options extends GivenHosts {
  readonly connect: string;
  readonly output?: string;
}

/** Adds `guestnet diagram`. */
export const addDiagram = (program: DocumentedCommand): void => {
  hostOptions(program.command("diagram"), 30)
    .summary("draw running guests and their networks as SVG")
    .description(
      "Draw running guests with their uplinks, bridges, VLANs and routed taps as one self-contained SVG file. Drift is marked in red.",
    )
    .addArgument(guestsArgument())
    .addOption(connectOption())
    .addOption(
      new Option("-o, --output <path>", "file, or directory for host.svg; several hosts: directory").default(
        undefined,
        "standard output",
      ),
    )
    .examples(
      ["guestnet diagram -o host.svg", "all running guests"],
      ["guestnet diagram web1 db1 > two.svg"],
      ["guestnet diagram --hosts hosts.txt -o pictures/", "a file for each host"],
    )
    .action(async (names: readonly string[], options: Options, command: DocumentedCommand) => {
      const { connect, output = null } = options;
      process.exitCode = await onHosts(
        options,
        async () => (await import("./diagram/diagram.ts")).diagramCommand(names, connect, output),
        async (hosts) => {
          if ((output === null || output === "-") && hosts.uris.length > 1)
            command.error("error: several hosts require -o DIR");
          return (await import("./diagram/diagram.ts")).diagramOfHosts(names, { ...hosts, output });
        },
      );
    });
};
