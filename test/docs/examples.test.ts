import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseProfile } from "../../src/profile/parse.ts";
import { parseSite } from "../../src/site/site.ts";
import { type Issue, renderIssue } from "../../src/values/issue.ts";
import { runProgram } from "../support/run-program.ts";
import { type Fence, fencesOf, PAGES, readPage } from "./pages.ts";

const ELLIPSIS = "…";

/** Blocks `json profile` and `json host`; a third word is the file's name in the page's commands. */
const documents = (page: string, kind: string): readonly Fence[] =>
  fencesOf(page).filter(({ info }) => info[0] === "json" && info[1] === kind);

interface Command {
  readonly line: string;
  readonly output: string;
}

/** Returns the commands of a `console` block, each with what the page says that it prints. */
const commandsIn = ({ text }: Fence): readonly Command[] =>
  text
    .split(/^\$ /m)
    .slice(1)
    .map((part) => {
      const [line = "", ...output] = part.split("\n");
      return { line, output: output.join("\n") };
    });

/** A line with an ellipsis alone stands for any number of lines. */
const toPattern = (output: string): RegExp =>
  new RegExp(
    `^${output
      .split(new RegExp(`^${ELLIPSIS}\n`, "m"))
      .map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&"))
      .join("(?:.*\n)*")}$`,
  );

const renderAll = (page: string, issues: readonly Issue[]): readonly string[] =>
  issues.map((issue) => renderIssue(page, issue));

describe.each(PAGES)("%s", (page) => {
  test("has profiles that genxml accepts", () => {
    // Names of VLANs are those of the page's own host.
    const [host] = documents(page, "host").map(({ text }) => parseSite(text));
    for (const { text } of documents(page, "profile")) {
      const result = parseProfile(text, host?.ok === true ? host.value : null);
      expect(result.ok ? [] : renderAll(page, result.problems)).toEqual([]);
    }
  });

  test("has hosts that genxml accepts", () => {
    for (const { text } of documents(page, "host")) {
      const result = parseSite(text);
      expect(result.ok ? [] : renderAll(page, result.problems)).toEqual([]);
    }
  });
});

const examples = PAGES.flatMap((page) =>
  fencesOf(page)
    .filter(({ info }) => info[0] === "console")
    .flatMap(commandsIn)
    .map((command) => ({ page, ...command })),
);

describe("what the pages' commands print", () => {
  // The pages' files are beside the project's own, as if the reader had saved them there.
  let root: string;
  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), "guestnet-docs-"));
  });
  afterAll(() => {
    rmSync(root, { recursive: true });
  });

  test.each(examples)("$page: $line", ({ page, line, output }) => {
    const directory = mkdtempSync(join(root, "page-"));
    for (const shared of ["fixtures", "templates"]) symlinkSync(resolve(shared), join(directory, shared));
    for (const { info, text } of [...documents(page, "profile"), ...documents(page, "host")])
      if (info[2] !== undefined) writeFileSync(join(directory, info[2]), text);
    const [program = "", ...args] = line.split(" ");
    expect(program).toMatch(/^(genxml|guestnet)$/);
    const ran = runProgram(process.execPath, [resolve(`dist/${program}.js`), ...args], { cwd: directory });
    const printed = `${ran.stdout}${ran.stderr}`;
    if (process.env["GOLDEN"] === "1" && !toPattern(output).test(printed))
      writeFileSync(
        page,
        readPage(page).replace(`$ ${line}\n${output}`, () => `$ ${line}\n${printed}`),
      );
    expect(printed).toMatch(toPattern(output));
  });
});

test("the shipped profiles have no errors", () => {
  for (const file of readdirSync("fixtures/guests")) {
    const result = parseProfile(readFileSync(`fixtures/guests/${file}`, "utf8"));
    expect([file, result.ok ? [] : renderAll(file, result.problems)]).toEqual([file, []]);
  }
});
