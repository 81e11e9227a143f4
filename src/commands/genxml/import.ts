import { type BridgeMap, suggestRules } from "../../import/to-profile/bridge-map.ts";
import type { ImportedGuest } from "../../import/report/imported-guest.ts";
import { toJson, renderMarkdown, renderSummary, renderUnmapped } from "../../import/report/render.ts";
import type { FileIssue } from "../../values/issue.ts";
import type { Dialect } from "../../import/xen/syntax/value.ts";
import { type Place, writeImported } from "./import-write.ts";
import { compare, type ImportKind, readAll } from "./import-read.ts";
import { withProgress } from "./progress.ts";
import { arrange, countOf, issueOfFile, renderJson, renderReport, type ReportOptions } from "./report.ts";

export interface ImportOptions extends ReportOptions {
  /** Folder for the profiles and reports, or null for standard output, which has room for one guest. */
  readonly output: string | null;
  readonly map: BridgeMap;
  readonly syntax: Dialect | null;
}

/** With `--strict` what only a person can decide is an error. */
const toErrors = (outcomes: readonly ImportedGuest[]): readonly FileIssue[] =>
  outcomes
    .filter(({ verdict }) => verdict === "needs a person")
    .map(({ file, why }) => issueOfFile(file, "wrong-choice", `needs a person: ${why[0] ?? ""}`));

/** `genxml import`: profiles on standard output or in a folder, the report on standard error. @returns the exit code */
export const importCommand = async (
  kind: ImportKind,
  files: readonly string[],
  options: ImportOptions,
): Promise<0 | 1> => {
  const { output, json, quiet, strict } = options;
  const read = await withProgress(process.stderr, files.length, options, (each) =>
    readAll(kind, files, options, each),
  );
  const compared = compare(read.outcomes);
  const refusedOnes = strict ? toErrors(compared) : [];
  const outcomes =
    strict && refusedOnes.length > 0
      ? compared.filter(({ verdict }) => verdict !== "needs a person")
      : compared;
  const place: Place = output === null ? { kind: "stdout" } : { kind: "folder", folder: output };
  const rules = (bridges: readonly string[]): string => suggestRules(bridges);
  const written = await writeImported(outcomes, place, (outcome) =>
    renderMarkdown(outcome, rules(outcome.unmapped)),
  );
  const issues = arrange([...read.issues, ...refusedOnes, ...written.issues], files, options);
  const unmapped = [...new Set(outcomes.flatMap((outcome) => outcome.unmapped))].sort();
  if (json) {
    const more = { files: files.length, written: written.files, unmappedBridges: unmapped };
    const report = JSON.parse(renderJson(issues, options, more)) as object;
    const bridgeMap = unmapped.length === 0 ? null : rules(unmapped);
    process.stderr.write(
      `${JSON.stringify({ ...report, bridgeMap, guests: outcomes.map(toJson) }, null, 2)}\n`,
    );
    return countOf(issues, "error") > 0 ? 1 : 0;
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
  return countOf(issues, "error") > 0 ? 1 : 0;
};
