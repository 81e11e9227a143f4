import { toDestination } from "../../../files/destination.ts";
import { writeProduct } from "../../../files/write-file.ts";
import { renderPage } from "../../../report/page.ts";
import { renderReport } from "../../genxml/issue-report.ts";
import { readUplinks } from "../diagram/draw.ts";
import { lookAtHosts } from "../hosts/look-at-hosts.ts";
import { openHost } from "../hosts/open-host.ts";
import type { ManyHosts } from "../hosts/host-options.ts";
import { reportWrong } from "../plan/plan.ts";
import { whileShowing } from "../progress.ts";
import { exitCodeOf } from "../status/status-hosts.ts";
import { toFleetReport } from "./to-report.ts";

/** What to show, and where to write it. */
export interface ReportOptions extends ManyHosts {
  /** The directory, or `-` for standard output. */
  readonly output: string;
  /** Profiles to compare with and to plan with; none for running guests only. */
  readonly profiles: readonly string[];
  /** The host.json of all profiles, or null for the one beside each. */
  readonly site: string | null;
  readonly made: Date;
}

/**
 * `guestnet report`: hosts and their guests as one page.
 *
 * @returns the exit code of `guestnet status`; for files as well, 1 for an error in one, 2 for a difference from them
 */
export const reportCommand = async ({
  uris,
  timeout,
  output,
  profiles: paths,
  site,
  made,
}: ReportOptions): Promise<0 | 1 | 2> => {
  const isGiven = paths.length > 0 || site !== null;
  const profiles = isGiven ? await (await import("./read-profiles.ts")).readProfiles(paths, site) : null;
  const status = await whileShowing(process.stderr, `0 of ${uris.length} hosts`, (show) =>
    lookAtHosts({
      ...{ what: "report", names: [], uris, ms: timeout * 1000, connect: openHost, beside: readUplinks },
      each: (done) => {
        show(`${done} of ${uris.length} hosts`);
      },
    }),
  );
  const report = toFleetReport(status, profiles, made);
  writeProduct(toDestination(output, output !== "-"), "index.html", renderPage(report));
  process.stderr.write(
    renderReport(profiles?.issues ?? [], { json: false, strict: false, quiet: false }, "guestnet"),
  );
  reportWrong(
    status.hosts.flatMap((asked) => (asked.kind === "silent" ? [`${asked.host}: ${asked.why}`] : [])),
  );
  if (report.errors.length > 0) return 1;
  const code = exitCodeOf(status);
  return code === 0 && report.differences.length > 0 ? 2 : code;
};
