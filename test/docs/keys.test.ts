import { expect, test } from "@jest/globals";
import { readFileSync, writeFileSync } from "node:fs";
import { readPage } from "./pages.ts";
import { renderKeys } from "./schema-keys.ts";

const SCHEMAS = [
  ["docs/reference/profile.md", "schema/guest.schema.json"],
  ["docs/reference/host-json.md", "schema/host.schema.json"],
] as const;

/** What a page has between `<!-- begin keys: PATH -->` and `<!-- end keys -->`. */
const BLOCK = /(<!-- begin keys: ?(\S*) -->\n)[^]*?(<!-- end keys -->)/g;

test.each(SCHEMAS)("%s has the keys of %s, in its words", (page, file) => {
  const schema = JSON.parse(readFileSync(file, "utf8")) as Parameters<typeof renderKeys>[0];
  const current = readPage(page).replaceAll(
    BLOCK,
    (_, begin: string, path: string, end: string) => `${begin}\n${renderKeys(schema, path)}\n${end}`,
  );
  if (process.env["GOLDEN"] === "1") writeFileSync(page, current);
  expect(readPage(page)).toBe(current);
});

test.each(SCHEMAS)("%s leaves no key of %s out", (page, file) => {
  const shown = new Set([...readPage(page).matchAll(/`"?([$\w]+)(?:"|`)/g)].map(([, key]) => key));
  const missing: string[] = [];
  const visit = (value: unknown): void => {
    if (typeof value !== "object" || value === null) return;
    for (const [key, inner] of Object.entries(value)) {
      if (key === "properties")
        missing.push(...Object.keys(inner as object).filter((name) => !shown.has(name)));
      visit(inner);
    }
  };
  visit(JSON.parse(readFileSync(file, "utf8")));
  expect([...new Set(missing)]).toEqual([]);
});
