import { expect, test } from "@jest/globals";
import { ISSUE_CODES } from "../../src/model/issue.ts";
import { cases } from "../support/cases.ts";

const found = cases().flatMap((one) =>
  ["issues.txt", "warnings.txt"].flatMap((file) => (one.read(file) ?? "").trim().split("\n")),
);
const codes = new Set(found.flatMap((line) => /\[([a-z-]+)\]$/.exec(line)?.[1] ?? []));

// `unreadable` is about files that no parser ever sees: test/cli/genxml.test.ts has it.
test.each(ISSUE_CODES.filter((code) => code !== "unreadable"))("the issue %s has a case", (code) => {
  expect(codes).toContain(code);
});

test("every line of a case says file, line, column and a code", () => {
  for (const line of found.filter((text) => text !== "")) {
    expect(line).toMatch(/^((guest|host)\.json|\w+\.xml):\d+:\d+: (error|warning): .+ \[[a-z-]+\]$/);
  }
});

test("no message is of the library's making", () => {
  for (const line of found) expect(line).not.toMatch(/Invalid|Expected|received|undefined|object Object/);
});
