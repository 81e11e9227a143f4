import { existsSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { FileIssue } from "../../../values/issue.ts";
import { type ReadSite, readSite } from "../../../site/site.ts";
import { readInput } from "./read-input.ts";
import { issueOfFailure } from "../issue-report.ts";

const NAME = "host.json";

/** A host.json as it was read: the site, or what is wrong with it. */
export type HostFile =
  | ({ readonly kind: "site"; readonly file: string } & ReadSite)
  | { readonly kind: "none" }
  | { readonly kind: "wrong"; readonly issues: readonly FileIssue[] };

const NONE: HostFile = { kind: "none" };

/** Reads one host.json that has to exist. */
export const readHostFile = async (file: string): Promise<HostFile> => {
  const input = await readInput(file);
  if (input.kind === "unreadable") {
    return { kind: "wrong", issues: [issueOfFailure(input.name, "unreadable", input.failure)] };
  }
  const result = readSite(input.text);
  return result.ok
    ? { kind: "site", file: input.name, ...result.value }
    : { kind: "wrong", issues: result.problems.map((issue) => ({ file: input.name, issue })) };
};

/** Returns whether a file on the command line, such as `guests/*.json`, is a host.json and not a profile. */
export const isHostFile = (file: string): boolean => basename(file) === NAME;

/** Reads the host.json of each profile: the given one, or the one in its directory. Each is looked for and read once. */
export const readHostFiles = async (
  profiles: readonly string[],
  given: string | null,
): Promise<ReadonlyMap<string, HostFile>> => {
  const read = new Map<string, HostFile>();
  const look = (file: string): HostFile | Promise<HostFile> =>
    given === null && !existsSync(file) ? NONE : readHostFile(file);
  const all = new Map<string, HostFile>();
  for (const profile of profiles) {
    // Standard input has no directory.
    const file = given ?? (profile === "-" ? null : join(dirname(profile), NAME));
    const host = file === null ? NONE : (read.get(file) ?? (await look(file)));
    if (file !== null) read.set(file, host);
    all.set(profile, host);
  }
  return all;
};
