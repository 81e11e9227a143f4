import { readFileSync, statSync } from "node:fs";
import { buffer } from "node:stream/consumers";
import { Failure, isFailure } from "../values/failure.ts";
import { fileFailure } from "./file-failure.ts";
import { readPipe } from "./read-pipe.ts";
import { quoteWord } from "../values/shell-word.ts";

/** Far more than any profile, and far less than a disk image that was named by mistake. */
const MOST_BYTES = 64 * 1024 * 1024;

/** How much of a file tells text from something else, and how much of that is shown. */
const LOOKED_AT = 8000;
const SHOWN = 12;

/** Returns bytes as a string literal: `"\x7fELF\x02"`. */
const escaped = (bytes: Uint8Array): string =>
  `"${Array.from(bytes, (byte) =>
    byte >= 0x20 && byte < 0x7f && byte !== 0x22 && byte !== 0x5c
      ? String.fromCharCode(byte)
      : `\\x${byte.toString(16).padStart(2, "0")}`,
  ).join("")}"`;

const refuse = (name: string, why: string, hint: string): Failure =>
  new Failure(`cannot read ${name}: ${why}`, hint);

/** Text of no encoding in use here has a byte 0. */
const expectText = (name: string, bytes: Uint8Array): Uint8Array => {
  if (!bytes.subarray(0, LOOKED_AT).includes(0)) return bytes;
  throw refuse(
    name,
    `it is not a text file, and begins with ${escaped(bytes.subarray(0, SHOWN))}`,
    "name a text file",
  );
};

/** Requires something whose reading ends. @returns whether it is a pipe */
const expectReadable = (file: string): boolean => {
  // Before it is opened: opening a device may do something, and one such as /dev/zero never ends.
  const stat = statSync(file);
  if (stat.isDirectory()) throw refuse(file, "it is a directory", "name a file in it");
  if (stat.isFIFO()) return true;
  if (stat.isSocket()) throw refuse(file, "it is a socket", "name a file");
  if (stat.isCharacterDevice() || stat.isBlockDevice()) throw refuse(file, "it is a device", "name a file");
  if (stat.size > MOST_BYTES)
    throw refuse(
      file,
      `it has ${String(stat.size)} bytes, at most ${String(MOST_BYTES)} are read`,
      "name a text file",
    );
  return false;
};

/** Throws what the file system says as a Failure. */
const failing = <T>(file: string, read: () => T): T => {
  try {
    return read();
  } catch (error) {
    throw isFailure(error) ? error : fileFailure("read", file, error);
  }
};

/** What standard input is called in reports. */
export const STDIN = "<stdin>";

/** Reads a file, whatever is in it. Throws a Failure. */
export const readBytes = (file: string): Uint8Array =>
  failing(file, () => (expectReadable(file) ? readPipe(file) : readFileSync(file)));

const AS_UTF8 = { encoding: "utf8" } as const;
const UTF8 = new TextDecoder("utf-8", { ignoreBOM: true, fatal: true });

/** Decodes a text file. Another encoding would lose letters silently. */
const decode = (name: string, bytes: Uint8Array): string => {
  try {
    return UTF8.decode(bytes);
  } catch {
    throw refuse(name, "it is not in UTF-8", `iconv -f ISO-8859-1 -t UTF-8 ${quoteWord(name)}`);
  }
};

/** What Node reads in place of a byte that is not UTF-8. */
const REPLACED = "\uFFFD";

/** Reads a text file as bytes; `-` is standard input. Rejects with a Failure. */
export const readTextBytes = async (file: string): Promise<Uint8Array> =>
  file === "-" ? expectText(STDIN, await buffer(process.stdin)) : expectText(file, readBytes(file));

/** Reads a text file in UTF-8. Throws a Failure. */
export const readTextFile = (file: string): string => {
  const read = (): string => decode(file, expectText(file, readBytes(file)));
  if (failing(file, () => expectReadable(file))) return read();
  // Node reads and decodes in one call, in a third of the time.
  const text = failing(file, () => readFileSync(file, AS_UTF8));
  return text.slice(0, LOOKED_AT).includes("\0") || text.includes(REPLACED) ? read() : text;
};

/** Reads a text file in UTF-8; `-` is standard input. Rejects with a Failure. */
export const readText = async (file: string): Promise<string> =>
  file === "-" ? decode(STDIN, await readTextBytes(file)) : readTextFile(file);
