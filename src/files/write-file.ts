import {
  chmodSync,
  closeSync,
  constants,
  mkdirSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { Failure, isFailure } from "../values/failure.ts";
import { type Destination, targetOf } from "./destination.ts";
import { type FileVerb, fileFailure } from "./file-failure.ts";

/** What became of one file. */
export type WriteResult = "written" | "unchanged";

const failing = <T>(verb: FileVerb, path: string, work: () => T): T => {
  try {
    return work();
  } catch (error) {
    throw isFailure(error) ? error : fileFailure(verb, path, error);
  }
};

const isSame = (file: string, old: Stats, content: Uint8Array): boolean =>
  old.size === content.byteLength && Buffer.from(content).equals(readFileSync(file));

/** To open a FIFO waits for its reader, without end if there is none. */
const expectReader = (fifo: string): void => {
  try {
    closeSync(openSync(fifo, constants.O_WRONLY | constants.O_NONBLOCK));
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ENXIO")) throw error;
    throw new Failure(`cannot write ${fifo}: it is a pipe that no program reads`, "name a file", {
      cause: error,
    });
  }
};

const replace = (file: string, content: Uint8Array, mode: number): WriteResult => {
  const old = statSync(file, { throwIfNoEntry: false });
  // A device, or a pipe, is written to. Renaming a file over it would remove it.
  if (old !== undefined && !old.isFile() && !old.isDirectory()) {
    if (old.isFIFO()) expectReader(file);
    writeFileSync(file, content);
    return "written";
  }
  if (old?.isFile() === true && isSame(file, old, content)) return "unchanged";
  // A link stays one: the file that it leads to is replaced.
  const target = old === undefined ? file : realpathSync(file);
  // As short as can be: the file's own name may be as long as the file system allows.
  const fresh = join(dirname(target), `.${String(process.pid)}.tmp`);
  try {
    writeFileSync(fresh, content, { mode: old?.mode ?? mode });
    renameSync(fresh, target);
  } catch (error) {
    rmSync(fresh, { force: true });
    throw error;
  }
  return "written";
};

/**
 * Writes a file unless it is already so: its time changes with its content only. A new content comes in whole (rename(2)): no reader
 * gets half a domain. It keeps the old one's permissions. Throws a Failure.
 *
 * @param mode permissions of a new file, less the umask
 *
 * Without promises: of a thousand files they would take longer than the files.
 */
export const writeChanged = (file: string, content: string | Uint8Array, mode = 0o666): WriteResult =>
  failing("write", file, () =>
    replace(file, typeof content === "string" ? Buffer.from(content) : content, mode),
  );

/** Writes the one product of a command where `-o` leads. Throws a Failure. @param name what it is called in a directory */
export const writeProduct = (to: Destination, name: string, content: string): void => {
  if (to.kind === "stdout") {
    process.stdout.write(content);
    return;
  }
  if (to.kind === "directory") makeDirectory(to.path);
  writeChanged(targetOf(to, name), content);
};

/** Sets who may read a file and run it. Throws a Failure. */
export const setMode = (file: string, mode: number): void => {
  failing("write", file, () => {
    chmodSync(file, mode);
  });
};

/** Removes a file, if there is one. Throws a Failure. */
export const removeFile = (file: string): void => {
  failing("write", file, () => {
    rmSync(file, { force: true });
  });
};

/** Requires a directory. Throws a Failure. */
export const expectDirectory = (path: string): void => {
  const stat = failing("read", path, () => statSync(path));
  if (!stat.isDirectory()) throw new Failure(`cannot use ${path}: it is not a directory`, "name a directory");
};

/**
 * Makes a directory and those above it. Throws a Failure.
 *
 * Node's own `recursive` never returns for a path in /proc: mkdir(2) reports ENOENT there, whatever exists.
 */
export const makeDirectory = (path: string): void => {
  const stat = failing("create directory", path, () => statSync(path, { throwIfNoEntry: false }));
  if (stat?.isDirectory() === true) return;
  if (stat !== undefined)
    throw new Failure(
      `cannot create directory ${path}: it is a file`,
      "name a directory, or remove this file",
    );
  const parent = dirname(path);
  if (parent !== path) makeDirectory(parent);
  failing("create directory", path, () => {
    mkdirSync(path);
  });
};
