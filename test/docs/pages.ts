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
