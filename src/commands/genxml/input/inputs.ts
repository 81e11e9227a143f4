import { type Dirent, readdirSync, realpathSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { fileFailure } from "../../../files/file-failure.ts";
import type { FileIssue } from "../../../values/issue.ts";
import { issueOfFailure } from "../issue-report.ts";
import { quoteWord } from "../../../values/shell-word.ts";

/** Paths of the command line: single files, and the profiles in directories. */
export interface Inputs {
  readonly files: readonly string[];
  /** Directories that have no profile, or cannot be read. */
  readonly troubles: readonly FileIssue[];
  /** Whether the command line named a directory, or more than one file. */
  readonly several: boolean;
}

/** Resolves a path; null if it does not exist, which reading it reports. */
const look = (path: string): { readonly real: string; readonly folder: boolean } | null => {
  if (path === "-") return null;
  try {
    return { real: realpathSync.native(path), folder: statSync(path).isDirectory() };
  } catch {
    return null;
  }
};

const isProfile = (path: string): boolean => path.endsWith(".json") && basename(path) !== "host.json";
const isSkipped = (name: string): boolean => name.startsWith(".") || name === "node_modules";

/** Files that a walk has found, and the directories that it has visited, to end a walk in circles. */
interface Walk {
  readonly seen: Set<string>;
  /** Each with the file that it leads to. */
  readonly files: { readonly path: string; readonly real: string }[];
  readonly troubles: FileIssue[];
}

/** Returns what is before the names in a directory. join() normalizes all of a path: once is enough for thousands of files. */
const prefixOf = (folder: string): string => join(folder, "x").slice(0, -1);

/** Collects the files of a directory, in the order of their names, links followed. */
const walk = (folder: string, found: Walk): void => {
  let real = folder;
  const entries = (): readonly Dirent[] => {
    real = realpathSync.native(folder);
    if (found.seen.has(real)) return [];
    found.seen.add(real);
    return readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  };
  let all: readonly Dirent[] = [];
  try {
    all = entries();
  } catch (error) {
    found.troubles.push(issueOfFailure(folder, "unreadable", fileFailure("read", folder, error)));
  }
  const [below, belowReal] = [prefixOf(folder), prefixOf(real)];
  for (const entry of all) {
    if (isSkipped(entry.name)) continue;
    const path = `${below}${entry.name}`;
    const led = entry.isSymbolicLink() ? look(path) : null;
    if (led?.folder ?? entry.isDirectory()) walk(path, found);
    // A link that leads nowhere is its own file, which reading reports.
    else if (isProfile(path)) found.files.push({ path, real: led?.real ?? `${belowReal}${entry.name}` });
  }
};

const noProfile = (folder: string): FileIssue =>
  issueOfFailure(folder, "no-profile", {
    message: `cannot find a profile in ${folder}: it has no *.json other than host.json`,
    hint: `ls ${quoteWord(folder)}`,
  });

/** Returns files as they are, and directories as the `*.json` in and below them, except `host.json`. A file that is named twice is read once. */
export const findInputs = (paths: readonly string[]): Inputs => {
  const files = new Map<string, string>();
  const troubles: FileIssue[] = [];
  let hasFolder = false;
  for (const path of paths) {
    const there = look(path);
    if (there?.folder !== true) {
      const key = there?.real ?? path;
      if (!files.has(key)) files.set(key, path);
      continue;
    }
    hasFolder = true;
    const found: Walk = { seen: new Set(), files: [], troubles: [] };
    walk(path, found);
    troubles.push(...found.troubles);
    if (found.files.length === 0 && found.troubles.length === 0) troubles.push(noProfile(path));
    for (const one of found.files) if (!files.has(one.real)) files.set(one.real, one.path);
  }
  // `guests/*.json` takes in the host's file as well; alone it is what was asked for.
  const named = [...files.values()];
  const profiles = named.length === 1 ? named : named.filter((file) => basename(file) !== "host.json");
  return { files: profiles, troubles, several: hasFolder || named.length > 1 };
};
