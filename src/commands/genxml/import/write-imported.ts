import { type Destination, targetOf } from "../../../files/destination.ts";
import { makeDirectory, writeChanged } from "../../../files/write-file.ts";
import type { ImportedGuest } from "../../../import/report/imported-guest.ts";
import { isFailure } from "../../../values/failure.ts";
import type { FileIssue } from "../../../values/issue.ts";
import { issueOfFailure } from "../issue-report.ts";

interface Result {
  readonly files: readonly string[];
  readonly issues: readonly FileIssue[];
}

/** Returns the files of a guest. The profile comes last: what is not complete has no profile. */
const filesOf = (
  { profile, template, text }: ImportedGuest,
  to: Exclude<Destination, { readonly kind: "stdout" }>,
  report: string,
): readonly (readonly [path: string, text: string])[] => {
  const target = (ending: string): string => targetOf(to, `${profile.name}.${ending}`);
  if (to.kind === "file") return [[to.path, text]];
  return [
    ...(template === null ? [] : [[target("template.xml"), template] as const]),
    [target("md"), report],
    [target("json"), text],
  ];
};

/** Writes each guest's profile and report; others are written even if one cannot be. */
export const writeImported = (
  outcomes: readonly ImportedGuest[],
  to: Destination,
  report: (outcome: ImportedGuest) => string,
): Result => {
  if (to.kind === "stdout") {
    for (const { text } of outcomes) process.stdout.write(text);
    return { files: [], issues: [] };
  }
  const files: string[] = [];
  const issues: FileIssue[] = [];
  const writing = (path: string, write: () => void): boolean => {
    try {
      write();
      return true;
    } catch (error) {
      if (!isFailure(error)) throw error;
      issues.push(issueOfFailure(path, "unwritable", error));
      return false;
    }
  };
  // Made only where there is something to write: an error in every file leaves nothing behind.
  const made = (): boolean =>
    to.kind === "file" ||
    writing(to.path, () => {
      makeDirectory(to.path);
    });
  if (outcomes.length === 0 || !made()) return { files, issues };
  for (const outcome of outcomes) {
    for (const [path, text] of filesOf(outcome, to, report(outcome))) {
      if (!writing(path, () => void writeChanged(path, text))) break;
      files.push(path);
    }
  }
  return { files, issues };
};
