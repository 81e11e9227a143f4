import { NOTHING_INHERITED } from "../../../guest/inherited.ts";
import type { FleetGuest } from "../../../fleet/guest.ts";
import type { FileIssue } from "../../../values/issue.ts";
import { readProfile } from "../../../profile/parse.ts";
import { type HostFile, readHostFiles } from "./host-file.ts";
import type { Inputs } from "./inputs.ts";
import { type InputFile, readInput, readNamed } from "./read-input.ts";
import { issueOfFailure } from "../issue-report.ts";

/** The good profiles of many files, and what is wrong with, or strange about, all of them. */
export interface Fleet<Guest = FleetGuest> {
  readonly guests: readonly Guest[];
  readonly issues: readonly FileIssue[];
}

/**
 * Reads files, one after the other.
 *
 * @param keep what is kept of a good profile: of thousands, the texts and what is not asked for take more time than room
 * @param hosts the host.json of each file, and of others whose errors are to be reported as well
 * @param each called after each file
 */
export const readFleetGuests = async <Guest>(
  { files, troubles }: Inputs,
  hosts: ReadonlyMap<string, HostFile>,
  each: () => void,
  keep: (guest: FleetGuest) => Guest,
): Promise<Fleet<Guest>> => {
  const guests: Guest[] = [];
  const issues = [...troubles];
  for (const one of new Set(hosts.values())) if (one.kind === "wrong") issues.push(...one.issues);
  const take = (input: InputFile, site: HostFile): void => {
    if (input.kind === "unreadable") {
      issues.push(issueOfFailure(input.name, "unreadable", input.failure));
    } else {
      const file = input.name;
      const result = readProfile(input.text, site.kind === "site" ? site.site : null);
      const all = result.ok ? result.value.warnings : result.problems;
      // If host.json itself has errors, unknown names are not reported.
      const found = all.filter(({ code }) => site.kind !== "wrong" || code !== "vlan-name");
      issues.push(...found.map((issue) => ({ file, issue })));
      // Without a valid host.json, the names of a guest are not resolved.
      if (result.ok && site.kind !== "wrong")
        guests.push(
          keep({
            file,
            profile: result.value.profile,
            document: result.value.document,
            host: site.kind === "site" ? site : null,
            inherited: NOTHING_INHERITED,
          }),
        );
    }
    each();
  };
  // Only standard input is waited for: a promise for each of thousands of files would cost as much as its reading.
  for (const file of files)
    take(file === "-" ? await readInput(file) : readNamed(file), hosts.get(file) ?? { kind: "none" });
  return { guests, issues };
};

/** Reads files and their host.json. @param host the host.json of all, or null for the one beside each */
export const readFleet = async (inputs: Inputs, host: string | null, each: () => void): Promise<Fleet> =>
  readFleetGuests(inputs, await readHostFiles(inputs.files, host), each, (guest) => guest);
