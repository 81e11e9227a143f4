import { renderTrouble, type Trouble } from "../../values/failure.ts";
import {
  byPosition,
  type FileIssue,
  type IssueCode,
  renderIssue,
  type Severity,
} from "../../values/issue.ts";

/** Options of a report. */
export interface IssueOptions {
  readonly json: boolean;
  /** Warnings are errors. */
  readonly strict: boolean;
  /** Errors only. */
  readonly quiet: boolean;
}

/** Returns an issue of a file as a whole, or of its name. */
export const issueOfFile = (file: string, code: IssueCode, message: string): FileIssue => ({
  file,
  issue: { severity: "error", code, path: [], message, position: null },
});

/** Returns an issue for a file that cannot be read or written. */
export const issueOfFailure = (
  file: string,
  code: "unreadable" | "unwritable" | "no-profile",
  { message, hint }: Trouble,
): FileIssue => ({ file, issue: { severity: "error", code, path: [], message, position: null, hint } });

/** In the order of files and lines, and with the severity that counts. */
export const arrange = (
  issues: readonly FileIssue[],
  files: readonly string[],
  { strict }: IssueOptions,
): readonly FileIssue[] => {
  const rank = new Map(files.map((file, index) => [file, index]));
  const order = (a: FileIssue, b: FileIssue): number =>
    (rank.get(a.file) ?? -1) - (rank.get(b.file) ?? -1) || byPosition(a.issue, b.issue);
  return issues
    .map(({ file, issue }) => ({ file, issue: strict ? { ...issue, severity: "error" as const } : issue }))
    .sort(order);
};

export const issueCount = (issues: readonly FileIssue[], severity: Severity): number =>
  issues.filter(({ issue }) => issue.severity === severity).length;

/**
 * Returns the report as text: a line for each issue of an input, and two for a file that cannot be read or written.
 *
 * @param program the one that reports
 */
export const renderReport = (
  issues: readonly FileIssue[],
  { quiet }: IssueOptions,
  program: "genxml" | "guestnet" = "genxml",
): string =>
  issues
    .filter(({ issue }) => !quiet || issue.severity === "error")
    .map(({ file, issue }) =>
      issue.hint === undefined
        ? `${renderIssue(file, issue)}\n`
        : renderTrouble(program, { message: issue.message, hint: issue.hint }),
    )
    .join("");

/** Returns the report for programs. The shape is promised in docs/how-to/many-guests.md: keys are added, never changed. */
export const reportJson = (issues: readonly FileIssue[], { quiet }: IssueOptions): object => {
  const shown = issues.filter(({ issue }) => !quiet || issue.severity === "error");
  return {
    errors: issueCount(issues, "error"),
    warnings: issueCount(issues, "warning"),
    issues: shown.map(({ file, issue: { position, severity, code, path, message } }) => ({
      file,
      ...(position ?? { line: null, column: null }),
      severity,
      code,
      path,
      message,
    })),
  };
};

/** Returns the report for programs as text. @param more what the command reports besides, which comes first */
export const renderJson = (
  issues: readonly FileIssue[],
  options: IssueOptions,
  more: Readonly<Record<string, number | readonly string[]>>,
): string => `${JSON.stringify({ ...more, ...reportJson(issues, options) }, null, 2)}\n`;
