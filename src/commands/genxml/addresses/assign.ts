import { dirname } from "node:path";
import { type Grant, assign } from "../../../addresses/assign/assign.ts";
import { heldInText } from "../../../addresses/assign/held-in-text.ts";
import { poolOf } from "../../../addresses/assign/pool.ts";
import type { AssignOptions } from "../../../addresses/assign/requests.ts";
import { plannedBy } from "../../../addresses/plan/planned.ts";
import { replaceFiles } from "../../../files/replace-files.ts";
import { readProfile } from "../../../profile/parse.ts";
import { type Document, readDocument } from "../../../text/document.ts";
import { usageError } from "../../../values/failure.ts";
import { type FileIssue, renderPath } from "../../../values/issue.ts";
import type { HostFile } from "../input/host-file.ts";
import { readInput } from "../input/read-input.ts";
import {
  arrange,
  issueCount,
  issueOfFailure,
  issueOfFile,
  renderReport,
  type IssueOptions,
} from "../issue-report.ts";
import { findProfiles, plannedOf, readHosts } from "./read-plan.ts";

/** Where to assign, and from what. */
export interface AssignCommand extends AssignOptions {
  /** The host.json of all profiles, or null for the one beside each. */
  readonly site: string | null;
  /** More profiles whose addresses are taken. */
  readonly among: readonly string[];
  readonly dryRun: boolean;
}

interface ReadText {
  readonly text: string;
  readonly document: Document;
}

/** Reads texts as far as addresses need it: other errors of a profile do not matter for what it has. */
const readTexts = async (
  files: readonly string[],
): Promise<{ readonly texts: ReadonlyMap<string, ReadText>; readonly issues: readonly FileIssue[] }> => {
  const texts = new Map<string, ReadText>();
  const issues: FileIssue[] = [];
  for (const file of files) {
    const input = await readInput(file);
    if (input.kind === "unreadable") {
      issues.push(issueOfFailure(file, "unreadable", input.failure));
      continue;
    }
    const document = readDocument(input.text);
    if ("root" in document) texts.set(file, { text: input.text, document });
    else issues.push(...document.map((issue) => ({ file, issue })));
  }
  return { texts, issues };
};

interface Change {
  readonly file: string;
  readonly text: string;
  readonly grants: readonly Grant[];
}

/** Gives each profile in turn what it lacks. A profile that is not valid with it has errors of its own. */
const assignAll = (
  files: readonly string[],
  texts: ReadonlyMap<string, ReadText>,
  hosts: ReadonlyMap<string, HostFile>,
  options: AssignOptions,
): { readonly changes: readonly Change[]; readonly issues: readonly FileIssue[] } => {
  const pool = poolOf(
    plannedOf(hosts),
    [...texts.values()].flatMap(({ document }) => heldInText(document)),
  );
  const changes: Change[] = [];
  const issues: FileIssue[] = [];
  for (const file of files) {
    const read = texts.get(file);
    const host = hosts.get(file);
    if (read === undefined) continue;
    if (host?.kind !== "site") {
      issues.push(
        issueOfFile(file, "prefix", "requires a host.json with prefixes: put one beside it, or use --site"),
      );
      continue;
    }
    const assigned = assign(read.text, read.document, plannedBy(host.site), pool, options);
    if (!assigned.ok) {
      issues.push(...assigned.problems.map((issue) => ({ file, issue })));
      continue;
    }
    const { text, grants } = assigned.value;
    if (grants.length === 0) continue;
    const good = readProfile(text, host.site);
    if (good.ok) changes.push({ file, text, grants });
    else issues.push(...good.problems.map((issue) => ({ file, issue })));
  }
  return { changes, issues };
};

const grantText = ({ file, grants }: Change): string =>
  grants
    .map(({ path, addresses, prefixes }) => {
      const given = [...addresses, ...prefixes].join(", ");
      return `${file}: ${renderPath(path)}: ${given}\n`;
    })
    .join("");

const grantsJson = ({ file, grants }: Change): readonly object[] =>
  grants.map(({ path, addresses, prefixes }) => ({ file, interface: path.at(-1), addresses, prefixes }));

/**
 * `genxml addresses assign PATH...`: writes free addresses of host.json's networks into profiles, into all of them or none.
 *
 * @returns the exit code: 0, or 1 when a file has errors, or a network is full
 */
export const assignCommand = async (
  paths: readonly string[],
  { site, among, dryRun, ...options }: AssignCommand,
  report: IssueOptions,
): Promise<0 | 1> => {
  if ([...paths, ...among].includes("-"))
    throw usageError(
      "assign writes into files, not into standard input",
      "genxml addresses assign guest.json",
    );
  const targets = findProfiles(paths);
  const others = findProfiles([
    ...among,
    ...targets.files.map(dirname),
    ...(site === null ? [] : [dirname(site)]),
  ]);
  const files = [...new Set([...targets.files, ...others.files])];
  const hosts = await readHosts([...paths, ...among], files, site);
  const { texts, issues: unread } = await readTexts(files);
  const wrongHosts = [...new Set(hosts.values())].flatMap((host) =>
    host.kind === "wrong" ? host.issues : [],
  );
  const before = [...targets.troubles, ...wrongHosts, ...unread];
  const { changes, issues } =
    before.length > 0 ? { changes: [], issues: before } : assignAll(targets.files, texts, hosts, options);
  const all = arrange(issues, files, report);
  process.stderr.write(renderReport(all, report));
  const failed = issueCount(all, "error") > 0;
  if (!failed && !dryRun) replaceFiles(new Map(changes.map(({ file, text }) => [file, text])));
  const shown = failed ? [] : changes;
  if (report.json) {
    const json = { written: !dryRun && !failed, assigned: shown.flatMap(grantsJson) };
    process.stdout.write(`${JSON.stringify(json, null, 2)}\n`);
  } else if (!report.quiet) {
    process.stderr.write(shown.map(grantText).join(""));
    if (!failed && shown.length === 0) process.stderr.write("no interface lacks addresses\n");
  }
  return failed ? 1 : 0;
};
