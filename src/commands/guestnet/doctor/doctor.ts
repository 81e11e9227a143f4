import { examine } from "../../../doctor/examine.ts";
import type { Finding } from "../../../doctor/finding.ts";
import { type ColourWhen, coloursStdout } from "../colour.ts";
import { whileShowing } from "../progress.ts";
import { readWanted } from "../host/planned-host.ts";
import { siteFindings } from "../host/site-findings.ts";
import { filesHere } from "../system/files-here.ts";
import { openThisHost } from "../this-host.ts";
import { readHost } from "./read-host.ts";
import { countOf, renderFindings, renderFindingsJson, sumOf } from "./render-findings.ts";

/** Options of the report. */
export interface Reporting {
  readonly json: boolean;
  /** Whether passed checks are shown. */
  readonly verbose: boolean;
  readonly color: ColourWhen;
}

export interface DoctorOptions extends Reporting {
  readonly uri: string;
  /** A host.json that the host is compared with; null for none. */
  readonly site: string | null;
}

const ALL_ENDS_MS = 60_000;

/** Prints the findings. @returns the exit code: 0, or 2 with an error; warnings do not count */
export const report = (findings: readonly Finding[], { json, verbose, color }: Reporting): 0 | 2 => {
  const text = json
    ? renderFindingsJson(findings)
    : `${renderFindings(findings, { verbose, colour: coloursStdout(color) })}${sumOf(findings)}\n`;
  process.stdout.write(text);
  return countOf(findings, "error") > 0 ? 2 : 0;
};

/** `guestnet doctor`. @returns the exit code: 1 for a wrong host.json */
export const doctorCommand = async ({ uri, site, ...how }: DoctorOptions): Promise<0 | 1 | 2> => {
  const live = openThisHost("doctor", uri, ALL_ENDS_MS);
  const wanted = site === null ? undefined : await readWanted(site);
  if (wanted === null) return 1;
  const findings = await whileShowing(process.stderr, "reading this host", async () => [
    ...examine(await readHost({ ...live, files: filesHere })),
    ...(wanted === undefined || site === null
      ? []
      : await siteFindings(site, wanted, {
          run: live.host.run,
          readSysctl: live.host.readSysctl,
          files: filesHere,
        })),
  ]);
  return report(findings, how);
};
