import { readdirSync, realpathSync, statSync } from "node:fs";
import { basename, join } from "node:path";

/** What the command line named: single files, and the profiles in folders. */
export interface Inputs {
  readonly files: readonly string[];
  /** Folders in which no profile is: whoever named one meant something else. */
  readonly empty: readonly string[];
  readonly hasFolder: boolean;
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

/** The files of a folder, in the order of their names, links followed; `seen` ends a walk in circles. */
const walk = (folder: string, seen: Set<string>): readonly string[] => {
  const real = realpathSync.native(folder);
  if (seen.has(real)) return [];
  seen.add(real);
  const found: string[] = [];
  for (const entry of readdirSync(folder, { withFileTypes: true }).sort((a, b) =>
    a.name < b.name ? -1 : 1,
  )) {
    if (isSkipped(entry.name)) continue;
    const path = join(folder, entry.name);
    const isFolder = entry.isSymbolicLink() ? (look(path)?.folder ?? false) : entry.isDirectory();
    if (isFolder) found.push(...walk(path, seen));
    else if (isProfile(path)) found.push(path);
  }
  return found;
};

/** Files as they are, folders as the `*.json` in and below them, except `host.json`. A file that is named twice is there once. */
export const findInputs = (paths: readonly string[]): Inputs => {
  const files = new Map<string, string>();
  const empty: string[] = [];
  let hasFolder = false;
  for (const path of paths) {
    const there = look(path);
    if (there?.folder !== true) {
      const key = there?.real ?? path;
      if (!files.has(key)) files.set(key, path);
      continue;
    }
    hasFolder = true;
    const found = walk(path, new Set());
    if (found.length === 0) empty.push(path);
    for (const file of found) {
      const key = look(file)?.real ?? file;
      if (!files.has(key)) files.set(key, file);
    }
  }
  // `guests/*.json` takes in the host's file as well; alone it is what was asked for.
  const named = [...files.values()];
  const profiles = named.length === 1 ? named : named.filter((file) => basename(file) !== "host.json");
  return { files: profiles, empty, hasFolder };
};
