import { readTextBytes, STDIN } from "../../../files/read-file.ts";
import { type Failure, isFailure } from "../../../values/failure.ts";

/** A file that was named on the command line; `-` is standard input. */
export type Input = { readonly kind: "read"; readonly name: string; readonly text: string } | Unreadable;

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

const reading = async <T>(
  file: string,
  toInput: (name: string, bytes: Uint8Array) => T,
): Promise<T | Unreadable> => {
  const name = file === "-" ? STDIN : file;
  try {
    return toInput(name, await readTextBytes(file));
  } catch (error) {
    if (!isFailure(error)) throw error;
    return { kind: "unreadable", name, failure: error };
  }
};

const UTF8 = new TextDecoder("utf-8", { ignoreBOM: true });

/** Reads one input. */
export const readInput = (file: string): Promise<Input> =>
  reading(file, (name, bytes) => ({ kind: "read", name, text: UTF8.decode(bytes) }));

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
export const readText = (file: string): Promise<Text> =>
  reading(file, (name, bytes) => ({ kind: "read", name, ...decode(bytes) }));
