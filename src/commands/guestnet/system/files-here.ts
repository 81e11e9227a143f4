import {
  chmodSync,
  lstatSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { fileFailure, type FileVerb } from "../../../files/file-failure.ts";
import { makeDirectory } from "../../../files/write-file.ts";
import { isFailure } from "../../../values/failure.ts";
import type { Files } from "./files.ts";

const codeOf = (error: unknown): unknown => (error instanceof Error && "code" in error ? error.code : null);

const orFailure = <T>(verb: FileVerb, file: string, work: () => T): T => {
  try {
    return work();
  } catch (error) {
    throw isFailure(error) ? error : fileFailure(verb, file, error);
  }
};

const textOf = (file: string): string | null => {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if (codeOf(error) === "ENOENT" || codeOf(error) === "ENOTDIR") return null;
    // A directory of that name is a third party's, too.
    if (codeOf(error) === "EISDIR") return "";
    throw fileFailure("read", file, error);
  }
};

const unlessThrown = <T>(work: () => T): T | null => {
  try {
    return work();
  } catch {
    return null;
  }
};

/** Lets a new file wait under a name that is its own until it takes its place. */
const replace = (file: string, waitsIn: string, make: (fresh: string) => void): void => {
  orFailure("write", file, () => {
    makeDirectory(dirname(file));
    const fresh = join(waitsIn, `.guestnet.${String(process.pid)}`);
    try {
      make(fresh);
      renameSync(fresh, file);
    } catch (error) {
      rmSync(fresh, { force: true });
      throw error;
    }
  });
};

/** The files of this host. */
export const filesHere: Files = {
  read: (file) => Promise.resolve().then(() => textOf(file)),
  readEach: (names) =>
    Promise.resolve(
      new Map(
        names.flatMap((name) => {
          const text = unlessThrown(() => readFileSync(name, "utf8"));
          return text === null ? [] : [[name, text.replace(/\n$/, "")] as const];
        }),
      ),
    ),
  readLink: (file) =>
    Promise.resolve(unlessThrown(() => ({ target: readlinkSync(file), madeAt: lstatSync(file).mtimeMs }))),
  names: (directory) => Promise.resolve(unlessThrown(() => readdirSync(directory)) ?? []),
  state: (file) =>
    Promise.resolve(
      unlessThrown(() => {
        const state = statSync(file);
        const kind = state.isFile() ? "file" : state.isDirectory() ? "directory" : "other";
        return { kind, mode: state.mode & 0o7777, writtenAt: state.mtimeMs } as const;
      }),
    ),
  write: (file, text, { mode, waitsIn }) =>
    Promise.resolve().then(() => {
      replace(file, waitsIn, (fresh) => {
        writeFileSync(fresh, text, { mode });
        // Independent of the umask: libvirt ignores a hook without an x bit.
        chmodSync(fresh, mode);
      });
    }),
  link: (file, target, { waitsIn }) =>
    Promise.resolve().then(() => {
      replace(file, waitsIn, (fresh) => {
        symlinkSync(target, fresh);
      });
    }),
  remove: (file) =>
    Promise.resolve().then(() => {
      orFailure("write", file, () => {
        rmSync(file, { recursive: true, force: true });
      });
    }),
};
