import { describe, expect, test } from "@jest/globals";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import {
  type Prose,
  proseOfMarkdown,
  proseOfSchema,
  proseOfScript,
  proseOfShell,
  proseOfXml,
} from "./prose.ts";
import { faultsOf } from "./rules.ts";

/** Where people read what the project says. */
const PLACES = [
  ...["README.md", "ARCHITECTURE.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md"],
  ...[".github", "docs", "hooks", "schema", "src", "templates"],
  ...["test/hosts/README.md", "test/lab/README.md"],
];

const READERS: Readonly<Record<string, (text: string) => readonly Prose[]>> = {
  md: proseOfMarkdown,
  ts: proseOfScript,
  sh: proseOfShell,
  json: proseOfSchema,
  xml: proseOfXml,
};

/** Names on a running host, which an update must recognise: comments of nftables rules. */
const KEPT: Readonly<Record<string, RegExp>> = {
  "src/kernel/facts/filter/source-check.ts": /^heard (lately|now)$/,
};

const filesAt = (place: string): readonly string[] =>
  statSync(place).isFile()
    ? [place]
    : readdirSync(place, { recursive: true, encoding: "utf8" })
        .map((name) => join(place, name))
        .filter((file) => statSync(file).isFile());

const faultsIn = (file: string): readonly string[] => {
  const read = READERS[file.split(".").at(-1) ?? ""];
  const prose = read === undefined ? [] : read(readFileSync(file, "utf8"));
  return prose
    .filter(({ text }) => KEPT[file]?.test(text) !== true)
    .flatMap(faultsOf)
    .map((fault) => `${file}:${fault}`);
};

const files = PLACES.flatMap(filesAt);

test("finds the files", () => {
  expect(files.length).toBeGreaterThan(300);
});

test("what people read is plain English", () => {
  expect(files.flatMap(faultsIn)).toEqual([]);
});

describe("the check finds", () => {
  const long = `The hook reads ${"one more word of ".repeat(7)}it.`;
  test.each<[string, readonly Prose[], string]>([
    [
      "a word in a paragraph",
      proseOfMarkdown("# Title\n\nNobody reads\nit."),
      '3: "Nobody": name the subject',
    ],
    ["a word in a comment", proseOfScript("// Mended later.\nconst a = 1;"), '1: "Mended"'],
    [
      "a word in a message",
      proseOfScript('\nconst a = "there is a folder in the way";'),
      '2: "folder": directory',
    ],
    ["a word around a value", proseOfScript("const a = `the ${b} is left out`;"), '1: "left out"'],
    ["a word in a script", proseOfShell("#!/bin/sh\n# Whoever runs it\n"), '2: "Whoever"'],
    ["a word in a description", proseOfSchema('{\n"description": "Our own."\n}'), '2: "Our"'],
    ["a word in a template", proseOfXml("<a>\n<!-- a clash -->\n</a>"), '2: "clash": conflict'],
    ["a word in a table", proseOfMarkdown("| a | b |\n|---|---|\n| x | mends it |"), '3: "mends"'],
    ["a program that speaks", proseOfMarkdown("Then the kernel says why."), "programs report"],
    ["a long sentence", proseOfMarkdown(`Short.\n\n${long}`), "3: a sentence of"],
    ["a long message", proseOfScript(`const a = "${long}";`), "1: a sentence of"],
    ["a wide cell", proseOfMarkdown(`| ${"x".repeat(61)} |`), "a cell of 61 characters"],
    ["a wide row", proseOfMarkdown(`| ${"x".repeat(59)} | ${"y".repeat(59)} |`), "a row of"],
    ["five columns", proseOfMarkdown("| a | b | c | d | e |"), "a table of 5 columns"],
    ["a capital in a heading", proseOfMarkdown("# How The hook works"), '1: "The" in a heading'],
  ])("%s", (_, prose, fault) => {
    expect(prose.flatMap(faultsOf)).toEqual([expect.stringContaining(fault)]);
  });

  test.each<[string, readonly Prose[]]>([
    ["an example", proseOfMarkdown("```\nnobody mends it\n```")],
    ["a code span", proseOfMarkdown("Give `left out folder` a value.")],
    ["a name in code", proseOfScript("const folder = clash(us);")],
    ["a string that looks like a comment", proseOfScript('const a = "// nobody";')],
    ["two sentences", proseOfMarkdown(`${"one two ".repeat(10)}three. ${"One two ".repeat(10)}three.`)],
    ["names in a heading", proseOfMarkdown("# Leave Xen for KVM on Debian 13")],
  ])("nothing in %s", (_, prose) => {
    expect(prose.flatMap(faultsOf)).toEqual([]);
  });
});
