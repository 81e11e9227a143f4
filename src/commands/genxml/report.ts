import { type FileIssue, type IssueCode, renderIssue, type Severity } from "../../values/issue.ts";

/** How a person or a script wants to be told. */
export interface ReportOptions {
  readonly json: boolean;
  /** Warnings are errors. */
  readonly strict: boolean;
  /** Errors only. */
  readonly quiet: boolean;
}

/** An issue of a file, or of its name, that has no place in a text. */
export const issueOfFile = (file: string, code: IssueCode, message: string): FileIssue => ({
  file,
  issue: { severity: "error", code, path: [], message, position: { line: 1, column: 1 } },
});

/** In the order of files and lines, and with the severity that counts. */
export const arrange = (
  issues: readonly FileIssue[],
  files: readonly string[],
  { strict }: ReportOptions,
): readonly FileIssue[] => {
  const rank = new Map(files.map((file, index) => [file, index]));
  const order = (a: FileIssue, b: FileIssue): number =>
    (rank.get(a.file) ?? -1) - (rank.get(b.file) ?? -1) ||
    a.issue.position.line - b.issue.position.line ||
    a.issue.position.column - b.issue.position.column;
  return issues
    .map(({ file, issue }) => ({ file, issue: strict ? { ...issue, severity: "error" as const } : issue }))
    .sort(order);
};

export const countOf = (issues: readonly FileIssue[], severity: Severity): number =>
  issues.filter(({ issue }) => issue.severity === severity).length;

/** `1 error`, `2 errors`. */
export const counted = (number: number, what: string): string =>
  `${number} ${what}${number === 1 ? "" : "s"}`;

/** The report as text: one line for each issue. */
export const renderReport = (issues: readonly FileIssue[], { quiet }: ReportOptions): string =>
  issues
    .filter(({ issue }) => !quiet || issue.severity === "error")
    .map(({ file, issue }) => `${renderIssue(file, issue)}\n`)
    .join("");

/** The report for programs. The shape is promised in docs/how-to/many-guests.md: keys are added, never changed. */
export const renderJson = (
  issues: readonly FileIssue[],
  { quiet }: ReportOptions,
  more: Readonly<Record<string, number | readonly string[]>>,
): string => {
  const shown = issues.filter(({ issue }) => !quiet || issue.severity === "error");
  const report = {
    ...more,
    errors: countOf(issues, "error"),
    warnings: countOf(issues, "warning"),
    issues: shown.map(({ file, issue: { position, severity, code, path, message } }) => ({
      file,
      ...position,
      severity,
      code,
      path,
      message,
    })),
  };
  return `${JSON.stringify(report, null, 2)}\n`;
};
