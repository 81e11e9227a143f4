import { readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";

/** What became of one file. */
export type Written = "written" | "unchanged";

/**
 * Writes a file unless it is already so: whoever watches it, or its time, sees real changes only. A new text comes in whole
 * (rename(2)), so that nobody ever reads half a domain; it keeps the old one's permissions.
 *
 * Without promises: of a thousand files they would take longer than the files.
 */
export const writeChanged = (file: string, text: string): Written => {
  const old = statSync(file, { throwIfNoEntry: false });
  const isSame = old?.isFile() === true && old.size === Buffer.byteLength(text);
  if (isSame && readFileSync(file, "utf8") === text) return "unchanged";
  const fresh = `${file}.${String(process.pid)}.tmp`;
  try {
    writeFileSync(fresh, text, old === undefined ? {} : { mode: old.mode });
    renameSync(fresh, file);
  } catch (error) {
    rmSync(fresh, { force: true });
    throw error;
  }
  return "written";
};
