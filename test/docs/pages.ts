import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Every page that people read, from the project's root. */
export const PAGES: readonly string[] = [
  ...readdirSync(".").filter((file) => file.endsWith(".md")),
  ...readdirSync("docs", { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".md"))
    .map((file) => join("docs", file)),
  "test/lab/README.md",
].sort();

/** A fenced block: the words behind its three backquotes, and the text between. */
export interface Fence {
  readonly info: readonly string[];
  readonly text: string;
}

export const readPage = (page: string): string => readFileSync(page, "utf8");

/** Returns the page's fenced blocks, in order. */
export const fencesOf = (page: string): readonly Fence[] =>
  [...readPage(page).matchAll(/^```([^\n]+)\n([^]*?)^```$/gm)].map(([, info = "", text = ""]) => ({
    info: info.split(" "),
    text,
  }));

/** Returns the page without its fenced blocks: what Markdown reads as prose, headings and tables. */
export const proseOf = (page: string): string => readPage(page).replaceAll(/^```[^]*?^```$/gm, "");

/** Returns what is between backquotes in the first column of a section's first table whose first column has this heading. */
export const termsOf = (page: string, section: string, column: string): readonly string[] => {
  const [, text = ""] = proseOf(page).split(new RegExp(`^#+ ${section}$`, "m"));
  const [, table = ""] = text.split(new RegExp(`^\\| ${column} +\\|.*\n\\|[-| ]+\n`, "m"));
  const [rows = ""] = table.split(/^(?!\|)/m);
  return rows
    .split("\n")
    .flatMap((row) => [...(row.split("|")[1] ?? "").matchAll(/`([^`]+)`/g)].map(([, term = ""]) => term));
};

/** Returns the names that no term stands for, and the terms that stand for none. In a term `NAME`, or one capital letter, is any text. */
export const unequal = (
  terms: readonly string[],
  names: readonly string[],
): { readonly undocumented: readonly string[]; readonly unknown: readonly string[] } => {
  const patterns = terms.map((term) => {
    const escaped = term.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
    return { term, pattern: new RegExp(`^${escaped.replaceAll(/\b(?:NAME|DAEMON|[A-Z])\b/g, ".+")}$`) };
  });
  return {
    undocumented: names.filter((name) => !patterns.some(({ pattern }) => pattern.test(name))),
    unknown: patterns.flatMap(({ term, pattern }) =>
      names.some((name) => pattern.test(name)) ? [] : [term],
    ),
  };
};

/** Returns the anchors that GitHub gives the page's headings. */
export const anchorsOf = (page: string): ReadonlySet<string> => {
  const anchors = new Set<string>();
  for (const [, heading = ""] of proseOf(page).matchAll(/^#{1,6} (.+)$/gm)) {
    const text = heading.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1").toLowerCase();
    const slug = text.replaceAll(/[^\p{L}\p{N}\- _]/gu, "").replaceAll(" ", "-");
    let anchor = slug;
    for (let again = 1; anchors.has(anchor); again++) anchor = `${slug}-${String(again)}`;
    anchors.add(anchor);
  }
  return anchors;
};
