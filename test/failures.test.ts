import { expect, test } from "@jest/globals";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";

/** The titles of a file's tests, as patterns: `%s` of a table of tests stands for anything. */
const titlesIn = (file: string): readonly string[] => {
  const titles: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && /^test\b/.test(node.expression.getText())) {
      const [title] = node.arguments;
      if (title !== undefined && ts.isStringLiteralLike(title)) titles.push(title.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.Latest, true));
  return titles;
};

const files = readdirSync("test", { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".test.ts"))
  .map((file) => join("test", file));
const toPattern = (title: string): RegExp =>
  new RegExp(`^${title.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&").replaceAll(/%[sdj]/g, ".+")}$`);

const rows = [
  ...readFileSync("docs/explanation/failure-modes.md", "utf8").matchAll(/^- \*\*(.+)\*\*$/gm),
].map(([, name = ""]) => name);

test("docs/explanation/failure-modes.md has rows", () => {
  expect(rows.length).toBeGreaterThan(30);
  expect(new Set(rows).size).toBe(rows.length);
});

test("every row of docs/explanation/failure-modes.md is a test", () => {
  const named = files.flatMap(titlesIn);
  const rowTables = files.map((file) => readFileSync(file, "utf8")).join("\n");
  // A row may also be the name that a row of a test's table gives itself.
  const isTest = (row: string): boolean =>
    named.some(
      (title) => toPattern(title).test(row) && (!/^%s$/.test(title) || rowTables.includes(`"${row}"`)),
    );
  expect(rows.filter((row) => !isTest(row))).toEqual([]);
});

test("every test of a guest's life is a row of docs/explanation/failure-modes.md", () => {
  const lives = files.filter((file) => /e2e\/lifecycle[a-z-]*\.test\.ts$/.test(file));
  const titles = lives.flatMap(titlesIn);
  expect(titles.length).toBeGreaterThan(20);
  // A control of another test shows nothing of its own.
  const missing = titles.filter(
    (title) => !title.startsWith("control: ") && !rows.some((row) => toPattern(title).test(row)),
  );
  expect(missing).toEqual([]);
});
