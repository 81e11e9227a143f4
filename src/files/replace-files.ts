import { readFileSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileFailure } from "./file-failure.ts";

interface Staged {
  readonly file: string;
  readonly target: string;
  readonly fresh: string;
  readonly before: Uint8Array;
  readonly mode: number;
}

/** Writes the new content beside the file, where rename(2) can put it in its place. A link stays one. */
const stage = (file: string, text: string, index: number): Staged => {
  const target = realpathSync(file);
  const { mode } = statSync(target);
  // As short as can be: the file's own name may be as long as the file system allows.
  const fresh = join(dirname(target), `.${String(process.pid)}-${String(index)}.tmp`);
  const before = readFileSync(target);
  try {
    writeFileSync(fresh, text, { mode });
  } catch (error) {
    rmSync(fresh, { force: true });
    throw error;
  }
  return { file, target, fresh, before, mode };
};

/**
 * Replaces the contents of files that exist: all or none. All contents are on the disk before the first file is replaced. Throws a
 * Failure.
 */
export const replaceFiles = (texts: ReadonlyMap<string, string>): void => {
  const staged: Staged[] = [];
  const replaced: Staged[] = [];
  let at = "";
  try {
    for (const [file, text] of texts) {
      at = file;
      staged.push(stage(file, text, staged.length));
    }
    for (const one of staged) {
      at = one.file;
      renameSync(one.fresh, one.target);
      replaced.push(one);
    }
  } catch (error) {
    for (const { fresh } of staged) rmSync(fresh, { force: true });
    for (const { target, before, mode } of replaced) writeFileSync(target, before, { mode });
    throw fileFailure("write", at, error);
  }
};
