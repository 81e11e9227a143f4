import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { ImportedGuest } from "../../import/report/imported-guest.ts";
import type { FileIssue } from "../../values/issue.ts";
import { whyNot } from "./read-input.ts";
import { issueOfFile } from "./report.ts";
import { writeChanged } from "./write-changed.ts";

/** Where profiles go. */
export type Place = { readonly kind: "stdout" } | { readonly kind: "folder"; readonly folder: string };

interface Result {
  readonly files: readonly string[];
  readonly issues: readonly FileIssue[];
}

/** Writes each guest's profile and report; one that cannot be written keeps no other from it. */
export const writeImported = async (
  outcomes: readonly ImportedGuest[],
  place: Place,
  report: (outcome: ImportedGuest) => string,
): Promise<Result> => {
  if (place.kind === "stdout") {
    for (const { text } of outcomes) process.stdout.write(text);
    return { files: [], issues: [] };
  }
  const files: string[] = [];
  const issues: FileIssue[] = [];
  for (const outcome of outcomes) {
    const target = (ending: string): string => join(place.folder, `${outcome.profile.name}.${ending}`);
    const parts = [
      ...(outcome.template === null ? [] : [[target("template.xml"), outcome.template] as const]),
      [target("md"), report(outcome)] as const,
      // Last: what is not complete has no profile.
      [target("json"), outcome.text] as const,
    ];
    for (const [path, text] of parts) {
      try {
        // Made only now: where every file is bad, nothing is left behind.
        await mkdir(place.folder, { recursive: true });
        writeChanged(path, text);
        files.push(path);
      } catch (error) {
        issues.push(issueOfFile(outcome.file, "unwritable", `${path} cannot be written: ${whyNot(error)}`));
        break;
      }
    }
  }
  return { files, issues };
};
