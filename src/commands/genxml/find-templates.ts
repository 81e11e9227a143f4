import type { FleetGuest } from "../../fleet/guest.ts";
import type { FileIssue } from "../../values/issue.ts";
import type { XmlDocument } from "../../xml/tree.ts";
import { templateReader } from "./template.ts";

/** A good profile with the domain XML that it completes. */
export interface Ready extends FleetGuest {
  readonly base: XmlDocument;
}

/** Finds each guest's template; one that is wrong is reported once, however many it is for. */
export const findTemplates = async (guests: readonly FleetGuest[], option: string | null) => {
  const ready: Ready[] = [];
  const templateOf = templateReader(option);
  const issues = new Map<string, FileIssue>();
  for (const guest of guests) {
    const read = await templateOf(guest.profile, guest.file);
    if (read.ok) ready.push({ ...guest, base: read.value });
    else for (const problem of read.problems) issues.set(JSON.stringify(problem), problem);
  }
  return { ready, issues: [...issues.values()] };
};
