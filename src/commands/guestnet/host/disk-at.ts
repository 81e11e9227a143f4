import {
  chmodSync,
  chownSync,
  closeSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { fileFailure, type FileVerb } from "../../../files/file-failure.ts";
import type { DurableFiles, Entry } from "../../../host-trial/durable-files.ts";

const codeOf = (error: unknown): unknown =>
  typeof error === "object" && error !== null && "code" in error ? error.code : null;

const failing = <T>(verb: FileVerb, path: string, work: () => T): T => {
  try {
    return work();
  } catch (error) {
    throw fileFailure(verb, path, error);
  }
};

/** Makes what was done in a directory last over a power cut (fsync(2), "calling fsync() on the directory"). */
const syncDirectory = (path: string): void => {
  const descriptor = openSync(path, "r");
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
};

const isMissing = (error: unknown): boolean => ["ENOENT", "ENOTDIR"].some((code) => code === codeOf(error));

const writeFile = (path: string, { content, mode, uid, gid }: Extract<Entry, { kind: "file" }>): void => {
  const descriptor = openSync(path, "wx", 0o600);
  try {
    for (let at = 0; at < content.byteLength;) at += writeSync(descriptor, content, at);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  chownSync(path, uid, gid);
  chmodSync(path, mode);
};

/** Returns the files of this host, or those below another root, for tests. */
export const diskAt = (root = "/"): DurableFiles => {
  const at = (path: string): string => join(root, path);
  const read: DurableFiles["read"] = (path) =>
    failing("read", path, () => {
      try {
        const stat = lstatSync(at(path));
        if (stat.isSymbolicLink()) return { kind: "link", target: readlinkSync(at(path)) };
        const { mode, uid, gid } = stat;
        return { kind: "file", content: readFileSync(at(path)), mode: mode & 0o7777, uid, gid };
      } catch (error) {
        if (isMissing(error)) return null;
        throw error;
      }
    });
  const write: DurableFiles["write"] = (path, entry) => {
    failing("write", path, () => {
      // A name that starts with a dot is none of a network manager's files.
      const draft = join(dirname(at(path)), `.guestnet-${String(process.pid)}.tmp`);
      try {
        rmSync(draft, { force: true });
        if (entry.kind === "link") symlinkSync(entry.target, draft);
        else writeFile(draft, entry);
        renameSync(draft, at(path));
      } catch (error) {
        if (!isMissing(error)) rmSync(draft, { force: true });
        throw error;
      }
      syncDirectory(dirname(at(path)));
    });
  };
  const move: DurableFiles["move"] = (from, to) => {
    try {
      renameSync(at(from), at(to));
    } catch (error) {
      if (isMissing(error)) return false;
      // Another file system: then it takes space there.
      const entry = codeOf(error) === "EXDEV" ? read(from) : null;
      if (entry === null)
        return failing("write", to, () => {
          throw error;
        });
      write(to, entry);
      rmSync(at(from), { force: true });
    }
    syncDirectory(dirname(at(to)));
    if (dirname(from) !== dirname(to)) syncDirectory(dirname(at(from)));
    return true;
  };
  const makeDirectory: DurableFiles["makeDirectory"] = (path) =>
    failing("create directory", path, () => {
      try {
        mkdirSync(at(path));
        syncDirectory(dirname(at(path)));
        return [path];
      } catch (error) {
        if (codeOf(error) === "EEXIST") return [];
        if (codeOf(error) !== "ENOENT" || dirname(path) === path) throw error;
      }
      const above = makeDirectory(dirname(path));
      return [...above, ...makeDirectory(path)];
    });
  return {
    ...{ read, write, move, makeDirectory },
    remove: (path) => {
      failing("write", path, () => {
        try {
          rmSync(at(path), { recursive: true, force: true });
          syncDirectory(dirname(at(path)));
        } catch (error) {
          if (!isMissing(error)) throw error;
        }
      });
    },
    list: (path) => {
      try {
        return readdirSync(at(path));
      } catch (error) {
        if (isMissing(error)) return [];
        return failing("read", path, () => {
          throw error;
        });
      }
    },
  };
};
