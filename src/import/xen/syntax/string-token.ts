import type { Position } from "../../../values/issue.ts";
import type { Token } from "./lex.ts";
import type { Dialect } from "./value.ts";

type StringToken = Extract<Token, { kind: "string" }>;

const ESCAPES: Readonly<Record<string, string>> = {
  "\\": "\\",
  "'": "'",
  '"': '"',
  a: "\x07",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
};

/** What an escape means, and how many characters it takes. A null meaning is one that the dialect does not have. */
const readEscape = (
  raw: string,
  dialect: Dialect,
): { readonly text: string | null; readonly length: number } => {
  const known = ESCAPES[raw[1] ?? ""];
  if (known !== undefined) return { text: known, length: 2 };
  // In xl, `\x41` and octal escapes are in the grammar and do not work (libxlu_cfg.c): nobody can mean them.
  if (dialect === "xl") return { text: null, length: 2 };
  if (raw[1] === "\n") return { text: "", length: 2 };
  const number = /^\\x([0-9a-fA-F]{2})|^\\([0-7]{1,3})/.exec(raw);
  if (number !== null) {
    const code = number[1] === undefined ? parseInt(number[2] ?? "", 8) : parseInt(number[1], 16);
    return { text: String.fromCharCode(code), length: number[0].length };
  }
  // Python keeps the backslash of an escape that it does not know.
  return { text: raw.slice(0, 2), length: 2 };
};

const END: Readonly<Record<Dialect, readonly string[]>> = { xl: ["'", '"'], xm: ["'''", '"""', "'", '"'] };

/**
 * Reads the string that begins at `start`, whose quotes may have Python's `u` or `r` in front of them in xm's dialect.
 *
 * @param place the position of an offset
 * @returns the token and the offset behind it, or null when no string begins there
 */
export const readString = (
  text: string,
  start: number,
  dialect: Dialect,
  place: (offset: number) => Position,
): { readonly token: StringToken; readonly next: number } | null => {
  const prefix =
    dialect === "xm" ? (/^[uUbB]?[rR]?(?=['"])/.exec(text.slice(start, start + 3))?.[0] ?? "") : "";
  const quote = END[dialect].find((candidate) => text.startsWith(candidate, start + prefix.length));
  if (quote === undefined) return null;
  const isRaw = /r/i.test(prefix);
  const first = start + prefix.length + quote.length;
  let [offset, value, plain] = [first, "", true];
  let fault: StringToken["fault"] = null;
  const done = (next: number) => {
    const written = text.slice(start, next);
    const token = {
      kind: "string",
      text: written,
      value,
      plain,
      at: place(start),
      inside: place(first),
      fault,
    } as const;
    return { token, next };
  };
  while (offset < text.length) {
    const character = text[offset] ?? "";
    if (text.startsWith(quote, offset)) return done(offset + quote.length);
    if (character === "\n" && quote.length === 1) break;
    if (character === "\\" && (text[offset + 1] ?? "\n") !== "\n" && isRaw) {
      value += text.slice(offset, offset + 2);
      offset += 2;
    } else if (character === "\\" && (dialect === "xm" || (text[offset + 1] ?? "\n") !== "\n")) {
      const escape = readEscape(text.slice(offset, offset + 4), dialect);
      const written = text.slice(offset, offset + 2);
      fault ??=
        escape.text === null
          ? {
              at: place(offset),
              message: `xl has no escape ${written} in a string; use \\\\ for a backslash`,
            }
          : null;
      value += escape.text ?? "";
      plain = false;
      offset += escape.length;
    } else {
      plain &&= character !== "\n";
      value += character;
      offset += 1;
    }
  }
  fault = { at: place(start), message: `this string is not closed before the end of its line by ${quote}` };
  return done(offset);
};
