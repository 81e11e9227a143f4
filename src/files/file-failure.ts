import { existsSync } from "node:fs";
import { dirname } from "node:path";
import { Failure } from "../values/failure.ts";
import { quoteWord } from "../values/shell-word.ts";

/** What a program does to a file or directory. */
export type FileVerb = "read" | "write" | "create directory";

interface Reason {
  readonly why: string;
  readonly hint: string;
}

/** Reasons by the system's codes (errno(3)). */
const reasonOf = (code: string, verb: FileVerb, path: string): Reason | null => {
  const parent = dirname(path);
  switch (code) {
    case "ENOENT":
      if (path === "") return { why: "the path is empty", hint: "name a file" };
      if (verb === "read") return { why: "no such file or directory", hint: `ls -l ${quoteWord(parent)}` };
      // A file system such as /proc says the same of a name that it does not allow.
      return existsSync(parent)
        ? { why: `${parent} does not allow new files`, hint: "choose another directory" }
        : { why: `directory ${parent} does not exist`, hint: `mkdir -p ${quoteWord(parent)}` };
    case "EISDIR":
      return verb === "read"
        ? { why: "it is a directory", hint: "name a file in it" }
        : { why: "it is a directory", hint: "name a file, such as one in this directory" };
    case "ENOTDIR":
      return { why: "a part of the path is not a directory", hint: `ls -l ${quoteWord(parent)}` };
    case "EEXIST":
      return { why: "a file of this name exists", hint: "choose another name" };
    case "EACCES":
    case "EPERM":
      return { why: "permission denied", hint: `ls -ld ${quoteWord(parent)} ${quoteWord(path)}` };
    case "ELOOP":
      return { why: "too many levels of symbolic links", hint: `ls -l ${quoteWord(path)}` };
    case "ENAMETOOLONG":
      return { why: "the name is too long", hint: "use names of at most 255 bytes" };
    case "ENOSPC":
    case "EDQUOT":
      return { why: "no space left on the device", hint: `df ${quoteWord(parent)}` };
    case "EROFS":
      return { why: "the file system is read-only", hint: "choose a directory on another file system" };
    case "ENXIO":
    case "ENODEV":
      return { why: "no such device", hint: "name a file" };
    default:
      return null;
  }
};

/** Node writes `EIO: i/o error, read`. */
const plainText = ({ message }: Error): string =>
  /^[A-Z0-9_]+: ([^,]+)/.exec(message)?.[1] ?? message.replace(/^\[?ERR_\w+\]?:? ?/, "");

const codeOf = (error: Error): string | null =>
  "code" in error && typeof error.code === "string" ? error.code : null;

/** Returns a failure with the reason in words: `cannot read dns1.json: permission denied`. What the file system did not say is thrown on. */
export const fileFailure = (verb: FileVerb, path: string, error: unknown): Failure => {
  const code = error instanceof Error ? codeOf(error) : null;
  if (!(error instanceof Error) || code === null) throw error;
  const reason = reasonOf(code, verb, path) ?? { why: plainText(error), hint: `ls -l ${quoteWord(path)}` };
  const object = path === "" ? '""' : path;
  return new Failure(`cannot ${verb} ${object}: ${reason.why}`, reason.hint, { cause: error });
};
