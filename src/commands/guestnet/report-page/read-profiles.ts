import type { BookedGuest } from "../../../addresses/book.ts";
import { type KnownAddresses, knownProfile } from "../../../addresses/diff.ts";
import { bookedProfile } from "../../../addresses/of-profile.ts";
import type { PlannedSite } from "../../../addresses/plan/planned.ts";
import type { FileIssue } from "../../../values/issue.ts";
import { findProfiles, plannedOf, readHosts } from "../../genxml/addresses/read-plan.ts";
import { readFleetGuests } from "../../genxml/input/read-fleet.ts";
import { arrange } from "../../genxml/issue-report.ts";

/** What files say about guests and their addresses. */
export interface ReadProfiles {
  readonly sites: readonly PlannedSite[];
  readonly guests: readonly BookedGuest[];
  /** The guests as they would show when they run. */
  readonly known: readonly KnownAddresses[];
  readonly issues: readonly FileIssue[];
}

/**
 * Reads profiles and their host.json.
 *
 * @param paths profiles and directories; none for host.json alone
 * @param site the host.json of all profiles, or null for the one beside each
 */
export const readProfiles = async (paths: readonly string[], site: string | null): Promise<ReadProfiles> => {
  const inputs = findProfiles(paths);
  const hosts = await readHosts(paths, inputs.files, site);
  const { guests, issues } = await readFleetGuests(
    inputs,
    hosts,
    () => undefined,
    ({ profile, file, host }) => {
      const name = host?.site.name ?? null;
      return { guest: bookedProfile(profile, file, name), known: knownProfile(profile, name) };
    },
  );
  return {
    sites: plannedOf(hosts),
    guests: guests.map(({ guest }) => guest),
    known: guests.map(({ known }) => known),
    issues: arrange(issues, inputs.files, { json: false, strict: false, quiet: false }),
  };
};
