import { examine } from "../../../doctor/examine.ts";
import type { Finding } from "../../../doctor/finding.ts";
import { type ColourWhen, coloursStdout } from "../colour.ts";
import { whileShowing } from "../progress.ts";
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

/** `guestnet doctor`. @returns the exit code */
export const doctorCommand = async ({ uri, ...how }: DoctorOptions): Promise<0 | 2> => {
  const live = openThisHost("doctor", uri, ALL_ENDS_MS);
  const readings = await whileShowing(process.stderr, "reading this host", () =>
    readHost({ ...live, files: filesHere }),
  );
  return report(examine(readings), how);
};
