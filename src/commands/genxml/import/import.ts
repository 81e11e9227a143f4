import { resolve } from "node:path";
import type { Destination } from "../../../files/destination.ts";
import { NOTHING_INHERITED } from "../../../guest/inherited.ts";
import { groupBy } from "../../../values/group-by.ts";
import { checkFleet } from "../../../fleet/check.ts";
import { importDomain } from "../../../import/domain/import-domain.ts";
import { importXen } from "../../../import/xen/import-xen.ts";
import { type ImportedGuest, withReasons } from "../../../import/report/imported-guest.ts";
import type { FileIssue } from "../../../values/issue.ts";
import { readInput, readText, type Text } from "../input/read-input.ts";
import { STDIN } from "../../../files/read-file.ts";
import { usageError } from "../../../values/failure.ts";
import {
  issueOfFailure,
  issueOfFile,
  arrange,
  issueCount,
  reportJson,
  renderReport,
  type IssueOptions,
} from "../issue-report.ts";
import { type BridgeMap, suggestRules, unusedRules } from "../../../import/to-profile/bridge-map.ts";
import { toJson, renderMarkdown, renderSummary, renderUnmapped } from "../../../import/report/render.ts";
import type { Dialect } from "../../../import/xen/syntax/value.ts";
import { writeImported } from "./write-imported.ts";
import { withProgress } from "../progress.ts";

/** The results of all files. */
export interface ImportedFile {
  readonly outcomes: readonly ImportedGuest[];
  readonly issues: readonly FileIssue[];
}

export type ImportKind = "xen" | "domain";

/** A KVM guest's profile completes its original document: the copy in the same directory, or the file itself. */
const templateOf = (guest: string, file: string, to: Destination): string => {
  if (to.kind === "directory") return `${guest}.template.xml`;
  if (file !== STDIN) return resolve(file);
  throw usageError(
    "domain XML of KVM from standard input requires -o DIR/: the profile completes a copy of it",
    "genxml import domain - -o guests/",
  );
};

const importOne = (kind: ImportKind, input: Extract<Text, { kind: "read" }>, options: ImportOptions) => {
  const { name, text, encoding } = input;
  if (kind === "xen") return importXen(name, text, options, encoding);
  return importDomain(name, text, options, (guest) => templateOf(guest, name, options.to));
};

/** Reads a file: Xen's own may be older than UTF-8, and libvirt's are not. */
const readSource = async (kind: ImportKind, file: string): Promise<Text> => {
  if (kind === "xen") return readText(file);
  const input = await readInput(file);
  return input.kind === "read" ? { ...input, encoding: "UTF-8" } : input;
};

/** Imports files one by one. @param each called after each */
export const readSources = async (
  kind: ImportKind,
  files: readonly string[],
  options: ImportOptions,
  each: () => void,
): Promise<ImportedFile> => {
  const outcomes: ImportedGuest[] = [];
  const issues: FileIssue[] = [];
  const names = new Map<string, string>();
  for (const file of files) {
    const input = await readSource(kind, file);
    each();
    if (input.kind === "unreadable") {
      issues.push(issueOfFailure(input.name, "unreadable", input.failure));
      continue;
    }
    const result = importOne(kind, input, options);
    if (!result.ok) {
      issues.push(...result.problems.map((issue) => ({ file: input.name, issue })));
      continue;
    }
    const { name } = result.value.profile;
    const before = names.get(name);
    if (before === undefined) outcomes.push(result.value);
    else
      issues.push(
        issueOfFile(
          input.name,
          "duplicate",
          `the guest's name ${name} is already that of ${before}: import one of them, or rename one`,
        ),
      );
    names.set(name, before ?? input.name);
  }
  return { outcomes, issues };
};

/** Finds conflicts between guests that are imported together: each is good by itself. */
export const compare = (outcomes: readonly ImportedGuest[]): readonly ImportedGuest[] => {
  const clashes = checkFleet(
    outcomes.map(({ read, file }) => ({
      ...{ file, profile: read.profile, document: read.document, host: null, inherited: NOTHING_INHERITED },
    })),
  );
  const joins = joined(outcomes);
  return outcomes.map((outcome) =>
    withReasons(outcome, [
      ...clashes
        .filter(({ file }) => file === outcome.file)
        .map(({ issue }) => `another guest: ${issue.message}`),
      ...new Set(outcome.portgroups.flatMap(({ network }) => joins.get(network) ?? [])),
    ]),
  );
};

/** Rules of `--bridge-map` that are for no NIC of any file. */
const unusedRuleIssues = (map: BridgeMap, outcomes: readonly ImportedGuest[]): readonly FileIssue[] => {
  const networks = [...new Set(outcomes.flatMap((outcome) => outcome.networks))].sort();
  return unusedRules(map, networks).map(({ rule, near }) => {
    const hint = near === null ? "" : `; did you mean ${near}?`;
    const known = networks.length === 0 ? "there is none" : `found ${networks.join(", ")}`;
    const { file, issue } = issueOfFile(
      `--bridge-map ${rule}`,
      "bridge-map",
      `must name a bridge or network of the guests, ${known}${hint}`,
    );
    return { file, issue: { ...issue, severity: "warning" } };
  });
};

/** Portgroups of one network that were apart, and that one rule would join in one VLAN. */
const joined = (outcomes: readonly ImportedGuest[]): ReadonlyMap<string, string> => {
  const groups = groupBy(
    outcomes.flatMap(({ portgroups }) => portgroups),
    ({ network }) => network,
  );
  return new Map(
    [...groups].flatMap(([network, all]): (readonly [string, string])[] => {
      const names = [...new Set(all.map(({ portgroup }) => portgroup))];
      if (names.length < 2) return [];
      const rules = names.map((name) => `--bridge-map ${network}/${name}=NEW:VID`).join(" ");
      return [
        [network, `the rule for network ${network} joins its portgroups ${names.join(", ")}: ${rules}`],
      ];
    }),
  );
};

export interface ImportOptions extends IssueOptions {
  /** Target of the profiles. Standard output and a file take one profile, without its report. */
  readonly to: Destination;
  readonly map: BridgeMap;
  readonly syntax: Dialect | null;
}

/** With `--strict` what only a person can decide is an error. */
const toErrors = (outcomes: readonly ImportedGuest[]): readonly FileIssue[] =>
  outcomes
    .filter(({ verdict }) => verdict === "needs a person")
    .map(({ file, why }) => issueOfFile(file, "wrong-choice", `needs a person: ${why[0] ?? ""}`));

/** `genxml import`: profiles on standard output or in a directory, the report on standard error. @returns the exit code */
export const importCommand = async (
  kind: ImportKind,
  files: readonly string[],
  options: ImportOptions,
): Promise<0 | 1> => {
  const { to, json, quiet, strict } = options;
  const read = await withProgress(process.stderr, files.length, options, (each) =>
    readSources(kind, files, options, each),
  );
  const compared = compare(read.outcomes);
  const refusedOnes = strict ? toErrors(compared) : [];
  const outcomes =
    strict && refusedOnes.length > 0
      ? compared.filter(({ verdict }) => verdict !== "needs a person")
      : compared;
  const rules = (bridges: readonly string[]): string => suggestRules(bridges);
  const written = writeImported(outcomes, to, (outcome) => renderMarkdown(outcome, rules(outcome.unmapped)));
  const unused = unusedRuleIssues(options.map, read.outcomes);
  const issues = arrange([...read.issues, ...unused, ...refusedOnes, ...written.issues], files, options);
  const unmapped = [...new Set(outcomes.flatMap((outcome) => outcome.unmapped))].sort();
  if (json) {
    const more = { files: files.length, written: written.files, unmappedBridges: unmapped };
    const bridgeMap = unmapped.length === 0 ? null : rules(unmapped);
    process.stderr.write(
      `${JSON.stringify({ ...more, ...reportJson(issues, options), bridgeMap, guests: outcomes.map(toJson) }, null, 2)}\n`,
    );
    return issueCount(issues, "error") > 0 ? 1 : 0;
  }
  process.stderr.write(renderReport(issues, options));
  if (!quiet && files.length === 1)
    for (const outcome of outcomes) process.stderr.write(renderMarkdown(outcome, rules(outcome.unmapped)));
  if (!quiet && files.length > 1) {
    const bad = [...new Set(issues.map(({ file }) => file))];
    process.stderr.write(renderUnmapped(unmapped, rules(unmapped)) + (unmapped.length > 0 ? "\n" : ""));
    process.stderr.write(
      renderSummary([
        ...outcomes.map(({ profile, verdict, why }) => [profile.name, verdict, why.join("; ")] as const),
        ...bad.map(
          (file) =>
            [
              file,
              "not imported",
              issues
                .filter((one) => one.file === file)
                .map(({ issue }) => issue.message)
                .join("; "),
            ] as const,
        ),
      ]),
    );
  }
  return issueCount(issues, "error") > 0 ? 1 : 0;
};
