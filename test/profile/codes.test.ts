import { expect, test } from "@jest/globals";
import { type IssueCode, ISSUE_CODES } from "../../src/values/issue.ts";
import { cases, domainCases, fleets, xenCases } from "../support/cases.ts";

const linesOf = (text: string | null): readonly string[] =>
  (text ?? "").split("\n").filter((line) => line !== "");
const found = [
  ...cases().flatMap((one) => [...linesOf(one.read("issues.txt")), ...linesOf(one.read("warnings.txt"))]),
  ...[...xenCases(), ...domainCases()].flatMap((one) => linesOf(one.read("issues.txt"))),
  ...fleets().flatMap((one) => linesOf(one.read("issues.txt"))),
];
const codes = new Set(found.flatMap((line) => /\[([a-z-]+)\]$/.exec(line)?.[1] ?? []));

// These are about files that no parser ever sees, about two host.json, or about options: test/commands has them.
const OF_FILES: readonly IssueCode[] = ["unreadable", "unwritable", "no-profile", "peer", "bridge-map"];
test.each(ISSUE_CODES.filter((code) => !OF_FILES.includes(code)))("the issue %s has a case", (code) => {
  expect(codes).toContain(code);
});

test("every line of a case says file, line, column and a code", () => {
  for (const line of found) {
    expect(line).toMatch(/^[a-z0-9-]+\.(json|xml|cfg):\d+:\d+: (error|warning): .+ \[[a-z-]+\]$/);
  }
});

test("no message is of the library's making", () => {
  for (const line of found) expect(line).not.toMatch(/Invalid|Expected|received|undefined|object Object/);
});
