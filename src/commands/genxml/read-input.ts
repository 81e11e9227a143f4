import { readFileSync } from "node:fs";
import { text } from "node:stream/consumers";

/** A file that was named on the command line; `-` is standard input. */
export type Input =
  | { readonly kind: "read"; readonly name: string; readonly text: string }
  | { readonly kind: "unreadable"; readonly name: string; readonly why: string };

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "no such file",
  EISDIR: "this is a folder, not a file",
  EACCES: "permission denied",
  EEXIST: "there is a file of that name",
  ENOTDIR: "a part of the path is a file, not a folder",
  ENOSPC: "no space is left on the device",
  EROFS: "the file system is read-only",
};

/** Why a file could not be read or written, in words. What is no trouble of a file's is thrown on. */
export const whyNot = (error: unknown): string => {
  if (!(error instanceof Error && "code" in error && typeof error.code === "string")) throw error;
  return REASONS[error.code] ?? error.message;
};

/** Reads one input. A file that cannot be read is a problem of the input, not of the program. */
export const readInput = async (name: string): Promise<Input> => {
  if (name === "-") return { kind: "read", name: "<stdin>", text: await text(process.stdin) };
  try {
    return { kind: "read", name, text: readFileSync(name, "utf8") };
  } catch (error) {
    return { kind: "unreadable", name, why: whyNot(error) };
  }
};
