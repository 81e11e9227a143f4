import { expect, test } from "@jest/globals";
import { writeFileSync } from "node:fs";
import { type IssueCode, ISSUE_CODES } from "../../src/values/issue.ts";
import { cases, domainCases, fleets, xenCases } from "../support/cases.ts";
import { readPage } from "./pages.ts";

const PAGE = "docs/reference/errors.md";
/** About options, files that no parser ever reads, or two host.json: no directory of fixtures has them. */
const OF_FILES: readonly IssueCode[] = ["unreadable", "unwritable", "no-profile", "peer", "bridge-map"];

const found = [...cases(), ...xenCases(), ...domainCases(), ...fleets()].flatMap((one) =>
  ["issues.txt", "warnings.txt"].flatMap((file) => (one.read(file) ?? "").split("\n")),
);

/** Returns the shortest line with the code, the first of them by its letters. */
const exampleOf = (code: string): string =>
  found
    .filter((line) => line.endsWith(`[${code}]`))
    .sort((a, b) => a.length - b.length || (a < b ? -1 : 1))[0] ?? "";

test("the reference of errors has a heading for every code, and for no other", () => {
  const headings = [...readPage(PAGE).matchAll(/^### (.+)$/gm)].map(([, code]) => code);
  expect(headings.sort()).toEqual([...ISSUE_CODES].sort());
});

test("each code's example is a line that genxml prints", () => {
  const withExamples = readPage(PAGE).replaceAll(
    /(^### (\S+)\n(?:(?!^###)[^])*?^```text example\n)[^]*?(^```$)/gm,
    (_, before: string, code: string, after: string) => `${before}${exampleOf(code)}\n${after}`,
  );
  if (process.env["GOLDEN"] === "1") writeFileSync(PAGE, withExamples);
  expect(readPage(PAGE)).toBe(withExamples);
});

test("every code but those of files has an example", () => {
  const missing = ISSUE_CODES.filter((code) => !OF_FILES.includes(code) && exampleOf(code) === "");
  expect(missing).toEqual([]);
});
