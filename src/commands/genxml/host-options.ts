import { Option } from "commander";
import { type HostFormat, HOST_FORMATS } from "../../host-network/format-names.ts";
import type { DocumentedCommand } from "../shared/documented-command.ts";

interface Options {
  readonly format: HostFormat;
  readonly output?: string;
  readonly json?: boolean;
  readonly strict?: boolean;
  readonly quiet?: boolean;
}

/** Adds `genxml host`. */
export const addHost = (program: DocumentedCommand): void => {
  program
    .command("host")
    .summary("write the host's own network configuration")
    .description(
      "Write the files with which a network manager makes the host's bridges, uplinks and addresses. Copy them to / and enable their units.",
    )
    .argument("<host.json>", "description of the host; - is standard input")
    .addOption(
      new Option("--format <name>", "program that makes the network")
        .choices(HOST_FORMATS)
        .makeOptionMandatory(),
    )
    .option("-o, --output <dir>", "write the files to their places below this directory")
    .option("--json", "print path, mode and text of each file as JSON")
    .option("--strict", "treat warnings as errors")
    .option("-q, --quiet", "report errors only")
    .examples(
      ["genxml host host.json --format networkd", "print the files"],
      ["genxml host host.json --format ifupdown2 -o out/"],
      ["genxml host host.json --format iproute2 -o /", "on the host itself, as root"],
    )
    .action(async (file: string, _: unknown, self: DocumentedCommand) => {
      // -o and the options of the report are options of `genxml FILE` as well: whichever commander gave them to.
      const { format, output, json, strict, quiet } = self.optsWithGlobals<Options>();
      const { hostCommand } = await import("./host.ts");
      const report = { json: json ?? false, strict: strict ?? false, quiet: quiet ?? false };
      process.exitCode = await hostCommand(file, format, output ?? null, report);
    });
};
