import { dirname, resolve, relative } from "node:path";
import type { FileIssue } from "../../../values/issue.ts";
import type { Profile } from "../../../guest/profile.ts";
import { good, refused, type Result } from "../../../values/result.ts";
import { readInput } from "./read-input.ts";
import { issueOfFailure } from "../issue-report.ts";
import { builtInTemplate } from "../../../libvirt/domain/built-in-template.ts";
import { readDocument } from "../../../xml/read-document.ts";
import type { Template } from "../../../libvirt/domain/template.ts";

/** Returns the path of a profile's template from the current directory: `--template` overrides the profile. */
const pathOf = (profile: Profile, file: string, option: string | null): string | null => {
  if (option !== null) return option;
  if (profile.template === null) return null;
  // Beside the profile; a profile from standard input is as if it lay here.
  return relative("", resolve(file === "-" ? "." : dirname(file), profile.template));
};

const readOwn = async (path: string): Promise<Result<Template, FileIssue>> => {
  const input = await readInput(path);
  if (input.kind === "unreadable") {
    return refused(issueOfFailure(input.name, "unreadable", input.failure));
  }
  const read = readDocument(input.text, "domain");
  if (read.ok) return good({ document: read.value, hotplugPorts: null });
  return refused(
    ...read.problems.map((fault): FileIssue => ({
      file: input.name,
      issue: { ...fault, severity: "error", code: "template", path: [] },
    })),
  );
};

/**
 * Returns a reader for the template of a profile: the author's own, or a shipped one. Each is read once.
 *
 * @param option the file that the command line names for all, or null
 * @returns for a profile and its file the template, or what is wrong with it
 */
export const templateReader = (
  option: string | null,
): ((profile: Profile, file: string) => Promise<Result<Template, FileIssue>>) => {
  const known = new Map<string, Promise<Result<Template, FileIssue>>>();
  return (profile, file) => {
    const path = pathOf(profile, file, option);
    if (path === null) return Promise.resolve(good(builtInTemplate(profile)));
    const reading = known.get(path) ?? readOwn(path);
    known.set(path, reading);
    return reading;
  };
};
