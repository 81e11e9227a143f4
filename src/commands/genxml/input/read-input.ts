import { readText as readUtf8, readTextBytes, readTextFile, STDIN } from "../../../files/read-file.ts";
import { type Failure, isFailure } from "../../../values/failure.ts";

/** A file that was named on the command line; `-` is standard input. */
export type InputFile = { readonly kind: "read"; readonly name: string; readonly text: string } | Unreadable;

/** A file that cannot be read is a problem of this input: others are still read. */
interface Unreadable {
  readonly kind: "unreadable";
  readonly name: string;
  readonly failure: Failure;
}

/** A file as text, and its encoding. */
export type Text =
  | {
      readonly kind: "read";
      readonly name: string;
      readonly text: string;
      readonly encoding: "UTF-8" | "Latin-1";
    }
  | Unreadable;

const unreadable = (name: string, error: unknown): Unreadable => {
  if (!isFailure(error)) throw error;
  return { kind: "unreadable", name, failure: error };
};

/** Reads a file. */
export const readNamed = (file: string): InputFile => {
  try {
    return { kind: "read", name: file, text: readTextFile(file) };
  } catch (error) {
    return unreadable(file, error);
  }
};

/** Reads one input. */
export const readInput = async (file: string): Promise<InputFile> => {
  if (file !== "-") return readNamed(file);
  try {
    return { kind: "read", name: STDIN, text: await readUtf8(file) };
  } catch (error) {
    return unreadable(STDIN, error);
  }
};

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

/** Reads one input that may be older than UTF-8. */
export const readText = async (file: string): Promise<Text> => {
  const name = file === "-" ? STDIN : file;
  try {
    return { kind: "read", name, ...decode(await readTextBytes(file)) };
  } catch (error) {
    return unreadable(name, error);
  }
};
