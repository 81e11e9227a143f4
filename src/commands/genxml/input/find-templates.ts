import type { FleetGuest } from "../../../fleet/guest.ts";
import { checkCompleted } from "../../../libvirt/domain/check-completed.ts";
import { completeTemplate } from "../../../libvirt/domain/complete-template.ts";
import { readInherited } from "../../../libvirt/domain/read-inherited.ts";
import type { Template } from "../../../libvirt/domain/template.ts";
import type { FileIssue } from "../../../values/issue.ts";
import { PORTABLE } from "../../../values/libvirt-version.ts";
import { templateReader } from "./template.ts";

/** A good profile with the domain XML that it completes. */
export interface Ready extends FleetGuest {
  readonly template: Template;
}

/**
 * Finds each guest's template, and checks what the two make together.
 *
 * @param option the template that the command line names for all guests, or null
 * @returns the guests whose template can be read, with what they have from it, and the issues: one that is wrong is reported
 *   once, however many guests it is for
 */
export const findTemplates = async (guests: readonly FleetGuest[], option: string | null) => {
  const ready: Ready[] = [];
  const templateOf = templateReader(option);
  const issues = new Map<string, FileIssue>();
  for (const guest of guests) {
    const { profile, document, file } = guest;
    const read = await templateOf(profile, file);
    if (!read.ok) {
      for (const problem of read.problems) issues.set(JSON.stringify(problem), problem);
      continue;
    }
    const template = read.value;
    const domain = completeTemplate(template, profile, PORTABLE);
    for (const { severity, code, path, message } of checkCompleted(domain, profile)) {
      const issue = { ...document.issue(code, path, message), severity };
      issues.set(JSON.stringify([file, issue]), { file, issue });
    }
    ready.push({ ...guest, template, inherited: readInherited(domain, profile) });
  }
  return { ready, issues: [...issues.values()] };
};
