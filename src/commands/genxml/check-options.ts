import type { DocumentedCommand } from "../shared/documented-command.ts";
import { hostFileOption } from "./host-file-option.ts";
import type { ReportOptions } from "./report.ts";

/** Options of the report. */
export interface Reporting {
  readonly json?: boolean;
  readonly strict?: boolean;
  readonly quiet?: boolean;
}

export const toReport = ({ json = false, strict = false, quiet = false }: Reporting): ReportOptions => ({
  json,
  strict,
  quiet,
});

/** Adds the options of the report. */
export const reporting = (command: DocumentedCommand): DocumentedCommand =>
  command
    .option("--json", "report as JSON")
    .option("--strict", "treat warnings as errors")
    .option("-q, --quiet", "report errors only");

/** Adds `genxml check`. */
export const addCheck = (program: DocumentedCommand): void => {
  reporting(program.command("check"))
    .summary("report all errors of profiles and conflicts between them")
    .description("Report every error of every profile, and conflicts between profiles.")
    .argument("<profile...>", "guest profiles and directories of them; - is standard input")
    .addOption(hostFileOption("VLAN names and gateways of the host"))
    .option("--peer <host.json>", "host.json of a migration target to check against")
    .examples(
      ["genxml check guests/", "check all *.json below guests/"],
      ["genxml check --strict --json guests/ > report.json"],
      ["genxml check --peer host2/host.json guests/", "and for host2"],
    )
    .action(
      async (
        paths: readonly string[],
        options: Reporting & { readonly host?: string; readonly peer?: string },
      ) => {
        const { checkCommand } = await import("./check.ts");
        process.exitCode = await checkCommand(
          paths,
          options.host ?? null,
          options.peer ?? null,
          toReport(options),
        );
      },
    );
};
