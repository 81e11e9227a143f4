import { dirname, resolve, relative } from "node:path";
import ours from "../../templates/domain-q35.xml";
import { readTemplate } from "../libvirt/render-template.ts";
import type { FileIssue } from "../model/issue.ts";
import type { Profile } from "../model/profile.ts";
import { good, refused, type Result } from "../model/result.ts";
import { readInput } from "./read-input.ts";
import { issueOfFile } from "./report.ts";

/** Where a profile's template is, as seen from here: `--template` goes before what the profile says. */
const pathOf = (profile: Profile, file: string, option: string | null): string | null => {
  if (option !== null) return option;
  if (profile.template === null) return null;
  // Beside the profile; a profile from standard input is as if it lay here.
  return relative("", resolve(file === "-" ? "." : dirname(file), profile.template));
};

/**
 * The template that a profile completes: the person's own, or ours.
 *
 * @returns its text, or what is wrong with it
 */
export const templateFor = async (
  profile: Profile,
  file: string,
  option: string | null,
): Promise<Result<string, FileIssue>> => {
  const path = pathOf(profile, file, option);
  if (path === null) return good(ours);
  const input = await readInput(path);
  if (input.kind === "unreadable") {
    return refused(issueOfFile(input.name, "unreadable", `cannot be read: ${input.why}`));
  }
  const read = readTemplate(input.text);
  if (read.ok) return good(input.text);
  return refused(
    ...read.problems.map((fault): FileIssue => ({
      file: input.name,
      issue: { ...fault, severity: "error", code: "template", path: [] },
    })),
  );
};
