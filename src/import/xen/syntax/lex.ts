import type { Position } from "../../../values/issue.ts";
import { readString } from "./string-token.ts";
import type { Dialect, Leniency } from "./value.ts";

/** What a file is made of. `other` is what neither grammar has. */
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
      /** Where the text begins, behind the quotes. */
      readonly inside: Position;
      /** What is wrong inside the quotes, or null. */
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
 * Takes a text apart. Blanks and comments are left out; a comment ends its line as a line break does.
 *
 * @returns the tokens, `end` the last, and what the real tool would have refused
 */
export const lex = (source: string, dialect: Dialect): Lexed => {
  const lenient: Leniency[] = [];
  const allow = (at: Position, message: string): void => {
    lenient.push({ at, message });
  };
  if (source.startsWith("\uFEFF")) allow({ line: 1, column: 1 }, "a byte order mark is left out");
  let text = source.replace(/^\uFEFF/, "");
  const crlf = text.indexOf("\r\n");
  if (crlf >= 0) {
    const line = text.slice(0, crlf).split("\n").length;
    allow({ line, column: crlf - text.lastIndexOf("\n", crlf) }, "lines end in CR LF, which xl refuses");
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
        allow(at, "the last line is a comment without a line break, which xl refuses");
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
      // What is no token at all is a carriage return, another kind of blank, or half a character.
      const piece = found?.[0] ?? String.fromCodePoint(text.codePointAt(offset) ?? 0);
      tokens.push({ kind, text: piece, at });
      offset += piece.length;
    }
  }
  tokens.push({ kind: "end", text: "", at: place(text.length) });
  return { tokens, lenient };
};
