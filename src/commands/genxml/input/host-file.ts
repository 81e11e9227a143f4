import { existsSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { FileIssue } from "../../../values/issue.ts";
import { type ReadSite, readSite } from "../../../site/site.ts";
import { readInput } from "./read-input.ts";
import { issueOfFailure } from "../report.ts";

const NAME = "host.json";

/** A host.json as it was read: the site, or what is wrong with it. */
export type HostFile =
  | ({ readonly kind: "site"; readonly file: string } & ReadSite)
  | { readonly kind: "none" }
  | { readonly kind: "wrong"; readonly issues: readonly FileIssue[] };

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

/** Returns the host.json of a profile: the given one, or the one in its directory. Standard input has no directory. */
const hostFileOf = (profile: string, given: string | null): string | null => {
  if (given !== null) return given;
  const beside = join(dirname(profile), NAME);
  return profile !== "-" && existsSync(beside) ? beside : null;
};

/** Reads the host.json of each profile, one that several share once. */
export const readHostFiles = async (
  profiles: readonly string[],
  given: string | null,
): Promise<ReadonlyMap<string, HostFile>> => {
  const read = new Map<string, Promise<HostFile>>();
  const each = profiles.map(async (profile): Promise<readonly [string, HostFile]> => {
    const file = hostFileOf(profile, given);
    if (file === null) return [profile, { kind: "none" }];
    const reading = read.get(file) ?? readHostFile(file);
    read.set(file, reading);
    return [profile, await reading];
  });
  return new Map(await Promise.all(each));
};
