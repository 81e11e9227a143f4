import { checkPeer } from "../../fleet/peer.ts";
import type { FileIssue } from "../../values/issue.ts";
import { resolve } from "node:path";
import { findProfiles, readHosts } from "./addresses/read-plan.ts";
import { type HostFile, isHostFile, readHostFile } from "./input/host-file.ts";
import { siteWarnings } from "./input/host-network.ts";
import type { Inputs } from "./input/inputs.ts";
import { type Fleet, readFleet, readFleetGuests } from "./input/read-fleet.ts";
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

/**
 * Reads the host.json of each profile, and all that the paths name: a host of which no profile is there has errors, too.
 *
 * @param site the host.json of all profiles, or null for the one beside each
 */
const readAllHosts = async (
  paths: readonly string[],
  files: readonly string[],
  site: string | null,
): Promise<ReadonlyMap<string, HostFile>> => {
  if (site === null) return readHosts(paths, files, null);
  const others = paths.filter((path) => isHostFile(path) && resolve(path) !== resolve(site));
  return new Map([...(await readHosts([], files, site)), ...(await readHosts(others, [], null))]);
};

/**
 * `genxml check PATH...`: every problem of every profile and host.json, and conflicts between them. Writes nothing but the report:
 * for people on standard error, as JSON on standard output, where it is what was asked for.
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
  const inputs = findProfiles(paths);
  const { files } = inputs;
  const hosts = await readAllHosts(paths, files, site);
  const fleet = await withProgress(process.stderr, files.length, options, (each) =>
    readFleetGuests(inputs, hosts, each, (guest) => guest),
  );
  const { guests, issues } = fleet;
  const there = peerSite === null ? [] : await checkAgainst(peerSite, inputs, fleet);
  const templates = await findTemplates(guests, null);
  const clashes = checkFleet(templates.ready);
  const read = [...new Set(hosts.values())].filter(({ kind }) => kind !== "none");
  const doubts = read.flatMap((host) => (host.kind === "site" ? siteWarnings(host) : []));
  const all = arrange([...issues, ...doubts, ...templates.issues, ...clashes, ...there], files, options);
  return files.length === 0 && read.length > 0
    ? report(all, read.length, "host", options)
    : report(all, files.length, "profile", options);
};
