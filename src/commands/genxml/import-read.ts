import { resolve } from "node:path";
import { checkFleet } from "../../fleet/check.ts";
import { importDomain } from "../../import/domain/import-domain.ts";
import { importXen } from "../../import/xen/import-xen.ts";
import { type ImportedGuest, withReasons } from "../../import/report/imported-guest.ts";
import type { FileIssue } from "../../values/issue.ts";
import type { ImportOptions } from "./import.ts";
import { readText, type Text } from "./read-bytes.ts";
import { issueOfFile } from "./report.ts";

/** What became of all files. */
export interface Imported {
  readonly outcomes: readonly ImportedGuest[];
  readonly issues: readonly FileIssue[];
}

export type ImportKind = "xen" | "domain";

/** A KVM guest's profile completes the document that it came from: the copy beside it, or the file itself. */
const importOne = (kind: ImportKind, input: Extract<Text, { kind: "read" }>, options: ImportOptions) => {
  const { name, text, encoding } = input;
  if (kind === "xen") return importXen(name, text, options, encoding);
  return importDomain(name, text, options, (guest) =>
    options.output === null ? resolve(name) : `${guest}.template.xml`,
  );
};

/** Imports files one by one. @param each called after each */
export const readAll = async (
  kind: ImportKind,
  files: readonly string[],
  options: ImportOptions,
  each: () => void,
): Promise<Imported> => {
  const outcomes: ImportedGuest[] = [];
  const issues: FileIssue[] = [];
  const names = new Map<string, string>();
  for (const file of files) {
    const input = await readText(file);
    each();
    if (input.kind === "unreadable") {
      issues.push(issueOfFile(input.name, "unreadable", `cannot be read: ${input.why}`));
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

/** What clashes between guests that are imported together: each is good by itself. */
export const compare = (outcomes: readonly ImportedGuest[]): readonly ImportedGuest[] => {
  const clashes = checkFleet(
    outcomes.map(({ read, file }) => ({ file, profile: read.profile, document: read.document })),
  );
  return outcomes.map((outcome) =>
    withReasons(
      outcome,
      clashes
        .filter(({ file }) => file === outcome.file)
        .map(({ issue }) => `another guest: ${issue.message}`),
    ),
  );
};
