import { checkPeer } from "../../fleet/peer.ts";
import type { FileIssue } from "../../values/issue.ts";
import { isHostFile, readHostFile } from "./input/host-file.ts";
import { siteWarnings } from "./input/host-network.ts";
import { type Inputs, findInputs } from "./input/inputs.ts";
import { type Fleet, readFleet } from "./input/read-fleet.ts";
import {
  issueOfFailure,
  arrange,
  issueCount,
  renderJson,
  renderReport,
  type IssueOptions,
} from "./issue-report.ts";
import { counted } from "../shared/counted.ts";
import { STDIN } from "../../files/read-file.ts";
import { checkFleet } from "../../fleet/check.ts";
import { findTemplates } from "./input/find-templates.ts";
import { withProgress } from "./progress.ts";

/** Reads the profiles again as another host would, and compares. @param file the other host's host.json */
export const checkAgainst = async (
  file: string,
  inputs: Inputs,
  { guests, issues }: Fleet,
): Promise<readonly FileIssue[]> => {
  if (inputs.files.includes("-")) {
    return [
      issueOfFailure(STDIN, "unreadable", {
        message: `cannot read ${STDIN}: --peer-site reads each profile twice`,
        hint: "name a file",
      }),
    ];
  }
  const host = await readHostFile(file);
  if (host.kind === "wrong") return host.issues;
  if (host.kind === "none") return [];
  const there = await readFleet(inputs, file, () => undefined);
  return checkPeer(guests, issues, { ...there, file, site: host.site });
};

/** Prints the report and its sum. @returns the exit code */
const report = (all: readonly FileIssue[], number: number, what: string, options: IssueOptions): 0 | 1 => {
  const [errors, warnings] = [issueCount(all, "error"), issueCount(all, "warning")];
  if (options.json) {
    process.stdout.write(renderJson(all, options, { files: number }));
  } else {
    process.stderr.write(renderReport(all, options));
    const sum = `${counted(number, what)}: ${counted(errors, "error")}, ${counted(warnings, "warning")}\n`;
    if (!options.quiet) process.stderr.write(sum);
  }
  return errors > 0 ? 1 : 0;
};

/** Checks a host.json that was named alone, without guests. */
const checkHost = async (file: string, options: IssueOptions): Promise<0 | 1> => {
  const host = await readHostFile(file);
  const issues = host.kind === "wrong" ? host.issues : host.kind === "site" ? siteWarnings(host) : [];
  return report(arrange(issues, [file], options), 1, "host", options);
};

/**
 * `genxml check PATH...`: every problem of every profile, and conflicts between them, or every problem of a host.json that is named
 * alone. Writes nothing but the report: for people on standard error, as JSON on standard output, where it is what was asked for.
 *
 * @param site the host.json of all profiles, or null for the one beside each
 * @param peerSite the host.json of another host that the guests are to run on as well, or null
 * @returns the exit code: 0, or 1 when there are errors
 */
export const checkCommand = async (
  paths: readonly string[],
  site: string | null,
  peerSite: string | null,
  options: IssueOptions,
): Promise<0 | 1> => {
  const inputs = findInputs(paths);
  const { files } = inputs;
  const [only = ""] = files;
  if (files.length === 1 && isHostFile(only)) return checkHost(only, options);
  const fleet = await withProgress(process.stderr, files.length, options, (each) =>
    readFleet(inputs, site, each),
  );
  const { guests, issues } = fleet;
  const there = peerSite === null ? [] : await checkAgainst(peerSite, inputs, fleet);
  const templates = await findTemplates(guests, null);
  const clashes = checkFleet(templates.ready);
  const hosts = [...new Set(guests.flatMap(({ host }) => host ?? []))].flatMap(siteWarnings);
  const all = arrange([...issues, ...hosts, ...templates.issues, ...clashes, ...there], files, options);
  return report(all, files.length, "profile", options);
};
