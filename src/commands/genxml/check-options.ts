import type { DocumentedCommand } from "../shared/documented-command.ts";
import type { ReportOptions } from "./report.ts";

const EXAMPLES = `
Examples:
  genxml check guests/              all *.json in and below the folder, except host.json
  genxml check --strict --json guests/ > report.json
  genxml check --peer host2/host.json guests/
                                    could they run on the other host as well?`;

/** What the command line says of the report. */
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

/** Adds the options that say how a command reports. */
export const reporting = (command: DocumentedCommand): DocumentedCommand =>
  command
    .option("--json", "report as JSON")
    .option("--strict", "take warnings for errors")
    .option("-q, --quiet", "report errors only");

/** Adds `genxml check`. */
export const addCheck = (program: DocumentedCommand): void => {
  reporting(program.command("check"))
    .summary("report every problem of profiles, and what clashes between them")
    .description("Reports every problem of every profile, and what clashes between them.")
    .argument("<path...>", "guest profiles, and folders of them; - is standard input")
    .option("--host <file>", "names of VLANs and more (default: host.json beside each profile)")
    .option("--peer <file>", "host.json of a host that the guests are to move to: what differs there")
    .endHelpWith(EXAMPLES)
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
