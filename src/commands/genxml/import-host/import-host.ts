import * as fs from "node:fs";
import { hostname } from "node:os";
import { writeChanged } from "../../../files/write-file.ts";
import { renderHostReport } from "../../../import/host/host-report.ts";
import { importHost } from "../../../import/host/import-host.ts";
import { type BridgeMap, unusedRules } from "../../../import/to-profile/bridge-map.ts";
import type { LiveNetwork } from "../../../live-network/live-network.ts";
import { deadline } from "../../../run/deadline.ts";
import { kernelFilesOf } from "../../../run/kernel-files.ts";
import { readLiveNetwork } from "../../../run/read-live-network.ts";
import { runUntil } from "../../../run/run-child.ts";
import { parseSite } from "../../../site/site.ts";
import type { FileIssue } from "../../../values/issue.ts";
import {
  arrange,
  issueCount,
  issueOfFile,
  reportJson,
  renderReport,
  type IssueOptions,
} from "../issue-report.ts";
import { readSavedNetwork } from "./readings-directory.ts";

const ALL_ENDS_MS = 30_000;

export interface ImportHostOptions extends IssueOptions {
  /** The file for host.json, or null for standard output. */
  readonly output: string | null;
  readonly map: BridgeMap;
}

const readHere = (): Promise<LiveNetwork> =>
  readLiveNetwork({ ...kernelFilesOf(fs), run: runUntil(deadline(Date.now() + ALL_ENDS_MS)) });

const toWarning = ({ file, issue }: FileIssue): FileIssue => ({
  file,
  issue: { ...issue, severity: "warning" },
});

const unusedRuleIssues = (map: BridgeMap, bridges: readonly string[]): readonly FileIssue[] =>
  unusedRules(map, bridges).map(({ rule, near }) => {
    const known = bridges.length === 0 ? "there is none" : `found ${bridges.join(", ")}`;
    const hint = near === null ? "" : `; did you mean ${near}?`;
    const message = `must name a bridge of the host, ${known}${hint}`;
    return toWarning(issueOfFile(`--bridge-map ${rule}`, "bridge-map", message));
  });

/**
 * `genxml import host`: host.json on standard output or in a file, the report on standard error. This is the one command of genxml that
 * reads the host that it runs on, because that is what it is for.
 *
 * @param directory saved readings of another host, or null for this one
 * @returns the exit code
 */
export const importHostCommand = async (
  directory: string | null,
  { output, map, ...options }: ImportHostOptions,
): Promise<0 | 1> => {
  const source = directory ?? hostname();
  const imported = importHost(directory === null ? await readHere() : await readSavedNetwork(directory), map);
  const text = `${JSON.stringify(imported.host, null, 2)}\n`;
  const parsed = parseSite(text);
  // What a running host does can still be what host.json forbids, such as two default routes of one family.
  const wrong = parsed.ok ? [] : parsed.problems.map((issue) => toWarning({ file: "host.json", issue }));
  const decide = options.strict
    ? imported.entries
        .filter((entry) => entry.decide)
        .map(({ object, text: why }) => issueOfFile(source, "wrong-choice", `${object}: ${why}`))
    : [];
  const issues = arrange([...unusedRuleIssues(map, imported.bridges), ...wrong, ...decide], [], options);
  const failed = issueCount(issues, "error") > 0;
  if (!failed) {
    if (output === null) process.stdout.write(text);
    else writeChanged(output, text);
  }
  if (options.json) {
    process.stderr.write(
      `${JSON.stringify({ ...reportJson(issues, options), host: imported.host, rules: imported.rules, entries: imported.entries }, null, 2)}\n`,
    );
  } else {
    process.stderr.write(renderReport(issues, options));
    if (!options.quiet) process.stderr.write(renderHostReport(imported, source));
  }
  return failed ? 1 : 0;
};
