import { planJson } from "../../../addresses/plan/json.ts";
import { addressPlan } from "../../../addresses/plan/plan.ts";
import { renderAddressPlan } from "../../../addresses/plan/table.ts";
import type { FormatSettings } from "../../shared/address-formats.ts";
import { writeAddresses } from "../../shared/write-addresses.ts";
import { withProgress } from "../progress.ts";
import { arrange, issueCount, renderReport, type IssueOptions } from "../issue-report.ts";
import { readPlan } from "./read-plan.ts";

/**
 * `genxml addresses PATH...`: the address plan of profiles, or their addresses for another program.
 *
 * @param site the host.json of all profiles, or null for the one beside each
 * @returns the exit code: 0, or 1 when a file has errors; the good ones are shown all the same
 */
export const addressesCommand = async (
  paths: readonly string[],
  site: string | null,
  settings: FormatSettings,
  options: IssueOptions,
): Promise<0 | 1> => {
  const { sites, guests, files, issues } = await readPlan(paths, site, (count, reading) =>
    withProgress(process.stderr, count, options, reading),
  );
  const networks = sites.flatMap((one) => one.networks.map(({ prefix }) => prefix));
  const warnings = writeAddresses(
    guests,
    networks,
    {
      table: () => renderAddressPlan(addressPlan(sites, guests)),
      json: () => planJson(addressPlan(sites, guests), guests),
    },
    settings,
  );
  const all = arrange(issues, files, options);
  process.stderr.write(renderReport(all, options));
  if (!options.quiet) for (const warning of warnings) process.stderr.write(`warning: ${warning}\n`);
  return issueCount(all, "error") > 0 || (options.strict && warnings.length > 0) ? 1 : 0;
};
