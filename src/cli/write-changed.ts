import { readFile, rename, rm, stat, writeFile } from "node:fs/promises";

/** What became of one file. */
export type Written = "written" | "unchanged";

const textOf = async (file: string): Promise<string | null> => {
  try {
    return await readFile(file, "utf8");
  } catch {
    return null;
  }
};

/**
 * Writes a file unless it is already so: whoever watches it, or its time, sees real changes only. A new text comes in whole
 * (rename(2)), so that nobody ever reads half a domain; it keeps the old one's permissions.
 */
export const writeChanged = async (file: string, text: string): Promise<Written> => {
  const old = await textOf(file);
  if (old === text) return "unchanged";
  const fresh = `${file}.${String(process.pid)}.tmp`;
  try {
    await writeFile(fresh, text, old === null ? {} : { mode: (await stat(file)).mode });
    await rename(fresh, file);
  } catch (error) {
    await rm(fresh, { force: true });
    throw error;
  }
  return "written";
};
