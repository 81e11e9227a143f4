import { readFile } from "node:fs/promises";
import { buffer } from "node:stream/consumers";
import { whyNot } from "./read-input.ts";

/** A file as text, and how it was one. */
export type Text =
  | {
      readonly kind: "read";
      readonly name: string;
      readonly text: string;
      readonly encoding: "UTF-8" | "Latin-1";
    }
  | { readonly kind: "unreadable"; readonly name: string; readonly why: string };

/** Old files are in Latin-1: read as UTF-8 they would lose letters without a word. */
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
