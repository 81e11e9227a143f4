import type { Position } from "../../../values/issue.ts";
import type { Dialect, Leniency } from "./value.ts";

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

/** Reads the meaning and the length of an escape. A null meaning is one that the dialect does not have. */
const readEscape = (
  raw: string,
  dialect: Dialect,
): { readonly text: string | null; readonly length: number } => {
  const known = ESCAPES[raw[1] ?? ""];
  if (known !== undefined) return { text: known, length: 2 };
  // In xl, `\x41` and octal escapes are in the grammar and do not work (libxlu_cfg.c).
  if (dialect === "xl") return { text: null, length: 2 };
  if (raw[1] === "\n") return { text: "", length: 2 };
  const number = /^\\x([0-9a-fA-F]{2})|^\\([0-7]{1,3})/.exec(raw);
  if (number !== null) {
    const code = number[1] === undefined ? parseInt(number[2] ?? "", 8) : parseInt(number[1], 16);
    return { text: String.fromCharCode(code), length: number[0].length };
  }
  // Python keeps the backslash of an unknown escape.
  return { text: raw.slice(0, 2), length: 2 };
};

const END: Readonly<Record<Dialect, readonly string[]>> = { xl: ["'", '"'], xm: ["'''", '"""', "'", '"'] };

/**
 * Reads the string that begins at `start`, whose quotes may have Python's `u` or `r` in front of them in xm's dialect.
 *
 * @param place the position of an offset
 * @returns the token and the offset behind it, or null when no string begins there
 */
const readString = (
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
              message: `xl does not support the escape ${written} in a string: use \\\\ for a backslash`,
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

/** Tokens of a file. `other` is in neither grammar. */
export type Token =
  | {
      readonly kind: "name" | "number" | "mark" | "other";
      readonly text: string;
      readonly at: Position;
    }
  | {
      readonly kind: "string";
      /** As written, with its quotes. */
      readonly text: string;
      readonly value: string;
      readonly plain: boolean;
      readonly at: Position;
      /** Position of the text, after the quote. */
      readonly inside: Position;
      /** The error inside the quotes, or null. */
      readonly fault: { readonly at: Position; readonly message: string } | null;
    }
  | { readonly kind: "newline" | "end"; readonly text: string; readonly at: Position };

export const isMark = (token: Token, text: string): boolean => token.kind === "mark" && token.text === text;

export interface Lexed {
  readonly tokens: readonly Token[];
  readonly lenient: readonly Leniency[];
}

// Offsets go through the text in order, and so do lines.
const placer = (text: string): ((offset: number) => Position) => {
  const starts = [0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  let line = 0;
  return (offset) => {
    if (offset < (starts[line] ?? 0)) line = 0;
    while ((starts[line + 1] ?? Infinity) <= offset) line += 1;
    return { line: line + 1, column: offset - (starts[line] ?? 0) + 1 };
  };
};

const COMMON = /[ \t]+|\+=|[=[\],;]/y;
const PATTERNS: Readonly<Record<Dialect, RegExp>> = {
  // libxlu_cfg_l.l: a name begins in lower case, a number is `[0-9][0-9a-fx]*`.
  xl: /(?<name>[a-z][._0-9a-z]*)|(?<number>[0-9][0-9a-fx]*)|(?<other>[A-Za-z_][\w.]*|[^\s])/y,
  xm: /(?<name>[A-Za-z_]\w*)|(?<number>-?[0-9][0-9a-fA-FxXlL.]*)|(?<mark>[(){}:+])|(?<other>[^\s])/y,
};

/**
 * Splits a text into tokens, without blanks and comments; a comment ends its line as a line break does.
 *
 * @returns the tokens, `end` the last, and what the real tool would have refused
 */
export const lex = (source: string, dialect: Dialect): Lexed => {
  const lenient: Leniency[] = [];
  const allow = (at: Position, message: string): void => {
    lenient.push({ at, message });
  };
  if (source.startsWith("\uFEFF")) allow({ line: 1, column: 1 }, "a byte order mark, which is ignored");
  let text = source.replace(/^\uFEFF/, "");
  const crlf = text.indexOf("\r\n");
  if (crlf >= 0) {
    const line = text.slice(0, crlf).split("\n").length;
    allow({ line, column: crlf - text.lastIndexOf("\n", crlf) }, "lines end in CR LF, which xl rejects");
    text = text.replaceAll("\r\n", "\n");
  }
  const place = placer(text);
  const tokens: Token[] = [];
  let offset = 0;
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = offset;
    return pattern.exec(text);
  };
  while (offset < text.length) {
    const at = place(offset);
    const character = text[offset];
    const string = readString(text, offset, dialect, place);
    const common = take(COMMON);
    const found = take(PATTERNS[dialect]);
    if (character === "\n") {
      tokens.push({ kind: "newline", text: "\n", at });
      offset += 1;
    } else if (character === "#") {
      const end = text.indexOf("\n", offset);
      if (end < 0 && dialect === "xl")
        allow(at, "the last line is a comment without a line break, which xl rejects");
      offset = end < 0 ? text.length : end;
    } else if (dialect === "xm" && text.startsWith("\\\n", offset)) {
      offset += 2;
    } else if (string !== null) {
      tokens.push(string.token);
      offset = string.next;
    } else if (common !== null) {
      if (common[0].trim() !== "") tokens.push({ kind: "mark", text: common[0], at });
      offset += common[0].length;
    } else {
      const groups = found?.groups ?? {};
      const kind =
        (["name", "number", "mark"] as const).find((name) => groups[name] !== undefined) ?? "other";
      // The rest is a carriage return, another kind of blank, or half a character.
      const piece = found?.[0] ?? String.fromCodePoint(text.codePointAt(offset) ?? 0);
      tokens.push({ kind, text: piece, at });
      offset += piece.length;
    }
  }
  tokens.push({ kind: "end", text: "", at: place(text.length) });
  return { tokens, lenient };
};
