import { existsSync } from "node:fs";
import { join } from "node:path";
import type { BookedGuest } from "../../../addresses/book.ts";
import { bookedProfile } from "../../../addresses/of-profile.ts";
import { type PlannedSite, plannedBy } from "../../../addresses/plan/planned.ts";
import type { FileIssue } from "../../../values/issue.ts";
import { type HostFile, isHostFile, readHostFiles } from "../input/host-file.ts";
import { findInputs, type Inputs } from "../input/inputs.ts";
import { readFleetGuests } from "../input/read-fleet.ts";
import { readNamed } from "../input/read-input.ts";
import { issueOfFailure } from "../issue-report.ts";

/** Guests and networks of profiles and their host.json, and what is wrong with these. */
export interface ReadPlan {
  readonly sites: readonly PlannedSite[];
  readonly guests: readonly BookedGuest[];
  readonly files: readonly string[];
  readonly issues: readonly FileIssue[];
}

/** Returns the host.json files among paths, and those of directories: a host has networks before it has guests. */
const hostFilesIn = (paths: readonly string[]): readonly string[] =>
  paths
    .filter((path) => path !== "-")
    .map((path) => (isHostFile(path) ? path : join(path, "host.json")))
    .filter((file) => existsSync(file));

/** A host.json that is named has to exist; the one beside a profile need not. */
const missingHosts = (paths: readonly string[]): readonly FileIssue[] =>
  paths.flatMap((path) => {
    if (!isHostFile(path) || existsSync(path)) return [];
    const input = readNamed(path);
    return input.kind === "unreadable" ? [issueOfFailure(path, "unreadable", input.failure)] : [];
  });

/** Finds profiles: a directory that has a host.json may have none, and a host.json that is named is no profile. */
export const findProfiles = (paths: readonly string[]): Inputs => {
  const found = findInputs(paths.filter((path) => !isHostFile(path)));
  const described = new Set(hostFilesIn(paths));
  const troubles = found.troubles.filter(
    ({ file, issue }) => issue.code !== "no-profile" || !described.has(join(file, "host.json")),
  );
  return { ...found, troubles: [...troubles, ...missingHosts(paths)] };
};

/** Reads the host.json of each profile, and those that the paths name. @param site the host.json of all, or null */
export const readHosts = (
  paths: readonly string[],
  files: readonly string[],
  site: string | null,
): Promise<ReadonlyMap<string, HostFile>> =>
  // The host.json beside a host.json is that file.
  readHostFiles([...files, ...(site === null ? hostFilesIn(paths) : [site])], site);

/** Returns what each host.json says about addresses, one for each file. */
export const plannedOf = (hosts: ReadonlyMap<string, HostFile>): readonly PlannedSite[] =>
  [...new Set(hosts.values())].flatMap((host) => (host.kind === "site" ? [plannedBy(host.site)] : []));

/**
 * Reads the profiles of paths and their host.json.
 *
 * @param site the host.json of all profiles, or null for the one beside each
 * @param work runs the reading, which calls back after each of this many files
 */
export const readPlan = async (
  paths: readonly string[],
  site: string | null,
  work: <T>(files: number, reading: (each: () => void) => Promise<T>) => Promise<T>,
): Promise<ReadPlan> => {
  const inputs = findProfiles(paths);
  const hosts = await readHosts(paths, inputs.files, site);
  const { guests, issues } = await work(inputs.files.length, (each) =>
    readFleetGuests(inputs, hosts, each, ({ profile, file, host }) =>
      bookedProfile(profile, file, host?.site.name ?? null),
    ),
  );
  return { sites: plannedOf(hosts), guests, files: inputs.files, issues };
};
