import { readFileSync } from "node:fs";
import { text, buffer } from "node:stream/consumers";
import { readFile } from "node:fs/promises";

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

/** A file as text, and how it was one. */
export type Text =
  | {
      readonly kind: "read";
      readonly name: string;
      readonly text: string;
      readonly encoding: "UTF-8" | "Latin-1";
    }
  | { readonly kind: "unreadable"; readonly name: string; readonly why: string };

/** Old files are in Latin-1: read as UTF-8, they would silently lose letters. */
const decode = (bytes: Uint8Array): Pick<Extract<Text, { kind: "read" }>, "text" | "encoding"> => {
  try {
    return {
      text: new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes),
      encoding: "UTF-8",
    };
  } catch {
    return { text: Buffer.from(bytes).toString("latin1"), encoding: "Latin-1" };
  }
};

/** Reads one file of old; `-` is standard input. */
export const readText = async (name: string): Promise<Text> => {
  if (name === "-") return { kind: "read", name: "<stdin>", ...decode(await buffer(process.stdin)) };
  try {
    return { kind: "read", name, ...decode(await readFile(name)) };
  } catch (error) {
    return { kind: "unreadable", name, why: whyNot(error) };
  }
};
