import { readdir, realpath, stat } from "node:fs/promises";
import { basename, join } from "node:path";

/** What the command line named: single files, and the profiles in folders. */
export interface Inputs {
  readonly files: readonly string[];
  /** Folders in which no profile is: whoever named one meant something else. */
  readonly empty: readonly string[];
  readonly hasFolder: boolean;
}

/** A path as the file system has it; null when there is nothing, which reading it will say. */
const look = async (path: string): Promise<{ readonly real: string; readonly folder: boolean } | null> => {
  if (path === "-") return null;
  try {
    return { real: await realpath(path), folder: (await stat(path)).isDirectory() };
  } catch {
    return null;
  }
};

const isProfile = (path: string): boolean => path.endsWith(".json") && basename(path) !== "host.json";
const isSkipped = (name: string): boolean => name.startsWith(".") || name === "node_modules";

/** The files of a folder, in the order of their names, links followed; `seen` ends a walk in circles. */
const walk = async (folder: string, seen: Set<string>): Promise<readonly string[]> => {
  const real = await realpath(folder);
  if (seen.has(real)) return [];
  seen.add(real);
  const found: string[] = [];
  for (const entry of (await readdir(folder, { withFileTypes: true })).sort((a, b) =>
    a.name < b.name ? -1 : 1,
  )) {
    if (isSkipped(entry.name)) continue;
    const path = join(folder, entry.name);
    const isFolder = entry.isSymbolicLink() ? ((await look(path))?.folder ?? false) : entry.isDirectory();
    if (isFolder) found.push(...(await walk(path, seen)));
    else if (isProfile(path)) found.push(path);
  }
  return found;
};

/** Files as they are, folders as the `*.json` in and below them, except `host.json`. A file that is named twice is there once. */
export const findInputs = async (paths: readonly string[]): Promise<Inputs> => {
  const files = new Map<string, string>();
  const empty: string[] = [];
  let hasFolder = false;
  for (const path of paths) {
    const there = await look(path);
    if (there?.folder !== true) {
      const key = there?.real ?? path;
      if (!files.has(key)) files.set(key, path);
      continue;
    }
    hasFolder = true;
    const found = await walk(path, new Set());
    if (found.length === 0) empty.push(path);
    for (const file of found) {
      const key = (await look(file))?.real ?? file;
      if (!files.has(key)) files.set(key, file);
    }
  }
  // `guests/*.json` takes in the host's file as well; alone it is what was asked for.
  const named = [...files.values()];
  const profiles = named.length === 1 ? named : named.filter((file) => basename(file) !== "host.json");
  return { files: profiles, empty, hasFolder };
};
