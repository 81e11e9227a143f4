import type { DocumentedCommand } from "../shared/documented-command.ts";
import { renamedOption } from "../shared/renamed-option.ts";
import { siteOf, type SiteOptions, withSite } from "./site-option.ts";
import type { IssueOptions } from "./issue-report.ts";

/** Options of the report. */
export interface CheckFormat {
  readonly json?: boolean;
  readonly strict?: boolean;
  readonly quiet?: boolean;
}

export const toReport = ({ json = false, strict = false, quiet = false }: CheckFormat): IssueOptions => ({
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
  withSite(reporting(program.command("check")), "VLAN names and gateways of the host")
    .summary("report all errors of profiles and conflicts between them")
    .description("Report every error of every profile, and conflicts between profiles.")
    .argument("<profile...>", "guest profiles and directories of them; - is standard input")
    .option("--peer-site <host.json>", "host.json of a migration target to check against")
    .addOption(renamedOption("--peer <host.json>", "--peer-site"))
    .examples(
      ["genxml check guests/", "all profiles below guests/"],
      ["genxml check --strict --json guests/ > report.json"],
      ["genxml check --peer-site host2/host.json guests/", "and for host2"],
    )
    .action(
      async (
        paths: readonly string[],
        options: CheckFormat & SiteOptions & { readonly peerSite?: string },
      ) => {
        const { checkCommand } = await import("./check.ts");
        process.exitCode = await checkCommand(
          paths,
          siteOf(options),
          options.peerSite ?? null,
          toReport(options),
        );
      },
    );
};
