import type { Row } from "../commands/shared/reference.ts";

// Characters that groff prints as typographic ones of its own, and those that it takes for requests (groff_char(7)).
const ESCAPES: Readonly<Record<string, string>> = {
  "\\": "\\e",
  "-": "\\-",
  "'": "\\(aq",
  "`": "\\(ga",
  "^": "\\(ha",
  "~": "\\(ti",
  // Terminals without UTF-8 have no such character.
  "…": "...",
};

/** `\\[u2026]`: groff reads no UTF-8 of its own. */
const unicode = (character: string): string =>
  `\\[u${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}]`;

/** Returns text that man(7) prints as it is. */
export const roff = (text: string): string =>
  text
    .replaceAll(/[\\\-'`^~…]/g, (character) => ESCAPES[character] ?? character)
    .replaceAll(/[^\x00-\x7f]/gu, unicode)
    .replaceAll(/^\./gm, "\\&.");

export const bold = (text: string): string => `\\fB${roff(text)}\\fR`;
const italic = (text: string): string => `\\fI${roff(text)}\\fR`;

/** `-o, --output <dir>` or a usage: placeholders are italic, the rest is bold. */
export const syntax = (text: string): string =>
  text
    .split(/(<[^<>]+>|\[[^[\]]+\])/)
    .filter((part) => part !== "")
    .map((part) => (/^[<[]/.test(part) ? italic(part) : bold(part)))
    .join("");

/** A paragraph below a term. */
export const tagged = (term: string, text: string): string => `.TP\n${term}\n${text}`;

export const rowsOf = (rows: readonly Row[]): string =>
  rows.map(([term, meaning]) => tagged(bold(term), roff(meaning))).join("\n");

/** Lines that keep their breaks. */
export const verbatim = (lines: readonly string[]): string => `.PP\n.EX\n${lines.map(roff).join("\n")}\n.EE`;

/** Pages to read further: `virsh(1)`. */
export const references = (pages: readonly string[]): string =>
  pages
    .map((page) => {
      const [, name = page, section = ""] = /^(.+)(\(\d\))$/.exec(page) ?? [];
      return `${bold(name)}${section}`;
    })
    .join(",\n");

/** A section with its heading, or nothing where it is empty. */
export const section = (heading: string, ...parts: readonly string[]): string => {
  const text = parts.filter((part) => part !== "");
  return text.length === 0 ? "" : [`.SH ${roff(heading)}`, ...text].join("\n");
};

export interface Heading {
  readonly name: string;
  readonly section: 1 | 5 | 7 | 8;
  readonly version: string;
  /** A summary in a few words, for apropos(1). */
  readonly what: string;
}

/** A whole page of these sections. */
export const page = (
  { name, section: number, version, what }: Heading,
  sections: readonly string[],
): string =>
  `${[
    `.TH ${roff(name.toUpperCase())} ${number} "" "guestnet ${roff(version)}" "guestnet manual"`,
    section("NAME", `${roff(name)} \\- ${roff(what)}`),
    ...sections.filter((one) => one !== ""),
  ].join("\n")}\n`;
