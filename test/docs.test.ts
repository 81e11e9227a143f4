import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { renderIssue } from "../src/values/issue.ts";
import { parseProfile } from "../src/profile/parse.ts";
import { writtenInterface } from "../src/profile/schema/interface.ts";
import { writtenProfile } from "../src/profile/schema/profile.ts";
import { parseSite } from "../src/site/site.ts";
import { runProgram } from "./support/run-program.ts";

const PAGES = [
  "README.md",
  "ARCHITECTURE.md",
  "CONTRIBUTING.md",
  "CHANGELOG.md",
  ...readdirSync("docs")
    .filter((f) => f.endsWith(".md"))
    .map((f) => `docs/${f}`),
];
const fences = (page: string, language: string): readonly string[] =>
  [...readFileSync(page, "utf8").matchAll(new RegExp(`^\`\`\`${language}\n([^]*?)^\`\`\``, "gm"))].map(
    (m) => m[1] ?? "",
  );

describe.each(PAGES)("%s", (page) => {
  test("has profiles that genxml takes", () => {
    // Names of VLANs are those of the page's own host.
    const [host] = fences(page, "json host").map((text) => parseSite(text));
    for (const text of fences(page, "json profile")) {
      const result = parseProfile(text, host?.ok === true ? host.value : null);
      expect(result.ok ? [] : result.problems.map((issue) => renderIssue(page, issue))).toEqual([]);
    }
  });

  test("has hosts that genxml takes", () => {
    for (const text of fences(page, "json host")) {
      const result = parseSite(text);
      expect(result.ok ? [] : result.problems.map((issue) => renderIssue(page, issue))).toEqual([]);
    }
  });

  test("shows what its commands really print", () => {
    for (const block of fences(page, "console")) {
      const [first = "", ...output] = block.split("\n");
      const [dollar, program, ...args] = first.split(" ");
      expect([dollar, program]).toEqual(["$", expect.stringMatching(/^(genxml|guestnet)$/)]);
      const ran = runProgram(process.execPath, [`dist/${program ?? ""}.js`, ...args]);
      expect(`${ran.stdout}${ran.stderr}`).toBe(output.join("\n"));
    }
  });

  test("links to files that are there", () => {
    const links = [...readFileSync(page, "utf8").matchAll(/\]\(([^)#:]+)\)/g)].map((match) => match[1] ?? "");
    expect(links.filter((link) => !existsSync(join(dirname(page), link)))).toEqual([]);
  });
});

test("docs/profile.md has every key of a profile", () => {
  const page = readFileSync("docs/profile.md", "utf8");
  expect(
    Object.keys(writtenProfile.entries).filter((key) => key !== "$schema" && !page.includes(`\`${key}\``)),
  ).toEqual([]);
});

test("docs/profile.md has every key of every kind of interface", () => {
  const page = readFileSync("docs/profile.md", "utf8");
  const keys = writtenInterface.options.flatMap((option) => Object.keys(option.entries));
  expect(keys.filter((key) => !page.includes(`\`${key}\``) && key !== "type")).toEqual([]);
});

test("the shipped profiles are good", () => {
  for (const file of readdirSync("fixtures/guests")) {
    expect([file, parseProfile(readFileSync(`fixtures/guests/${file}`, "utf8")).ok]).toEqual([file, true]);
  }
});
