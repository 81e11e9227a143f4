import { describe, expect, test } from "@jest/globals";
import { existsSync, readdirSync, statSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { anchorsOf, PAGES, proseOf } from "./pages.ts";

const INDEX = "docs/README.md";

interface Link {
  readonly path: string;
  readonly anchor: string;
}

/** Returns where the page's links lead in the project, as paths from its root. */
const linksOf = (page: string): readonly Link[] =>
  [...proseOf(page).matchAll(/\]\(([^)\s]+)\)|^\[[^\]]+\]: (\S+)/gm)]
    .map(([, link = "", reference = ""]) => (link === "" ? reference : link))
    .filter((link) => !/^[a-z]+:/.test(link))
    .map((link) => {
      const [path = "", anchor = ""] = link.split("#");
      return { path: path === "" ? page : normalize(join(dirname(page), path)), anchor };
    });

describe.each(PAGES)("%s", (page) => {
  test("links to files that exist", () => {
    expect(linksOf(page).filter(({ path }) => !existsSync(path))).toEqual([]);
  });

  test("links to headings that exist", () => {
    const missing = linksOf(page).filter(
      ({ path, anchor }) => anchor !== "" && !(existsSync(path) && anchorsOf(path).has(anchor)),
    );
    expect(missing).toEqual([]);
  });
});

test("the index links to every page below docs", () => {
  const linked = new Set(linksOf(INDEX).map(({ path }) => path));
  const unlinked = PAGES.filter((page) => page.startsWith("docs/") && page !== INDEX && !linked.has(page));
  expect(unlinked).toEqual([]);
});

test("a page shows every picture below docs", () => {
  const shown = new Set(PAGES.flatMap(linksOf).map(({ path }) => path));
  const pictures = readdirSync("docs/pictures").map((file) => `docs/pictures/${file}`);
  expect(pictures.filter((picture) => statSync(picture).isFile() && !shown.has(picture))).toEqual([]);
});
