import { describe, expect, test } from "@jest/globals";
import { genxml } from "../../../src/commands/genxml/program.ts";
import { guestnet } from "../../../src/commands/guestnet/program.ts";
import { type Outline, toOutline } from "../../../src/commands/shared/outline.ts";
import { runProgram } from "../../support/run-program.ts";

/** A command of a program, and the words that it is called with. */
interface Called {
  readonly words: readonly string[];
  readonly command: Outline;
}
const below = (command: Outline, before: readonly string[] = []): readonly Called[] => {
  const words = [...before, command.name];
  return [{ words, command }, ...command.commands.flatMap((inner) => below(inner, words))];
};
const CALLED = [genxml, guestnet]
  .flatMap((program) => below(toOutline(program())))
  .map((one): readonly [string, Called] => [one.words.join(" "), one]);

const helpOf = ([program = "", ...words]: readonly string[]): string => {
  const { status, stdout, stderr } = runProgram(process.execPath, [`dist/${program}.js`, ...words, "--help"]);
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  return stdout;
};

/** What is wrong with the words for a thing: an imperative or a noun phrase, such as `print JSON`. */
const wrongPhrase = (text: string): string | null => {
  if (text.length === 0 || text.length > 60) return `${text.length} characters, not 1 to 60`;
  if (text.endsWith(".")) return "ends with a full stop";
  // A name or an abbreviation keeps its capitals.
  if (!/^([a-z]|[A-Z]{2}|[A-Z][a-z]+[A-Z])|^QuickJS|^VLAN/.test(text)) return "begins with a capital";
  // A third person, such as "prints": no imperative ends with one s.
  return /^[a-z]+[a-z][^s\W]s (?!of\b)(the|a|an|all|what|for)\b/.test(text) ? "is no imperative" : null;
};

const wrongDescription = (text: string): string | null =>
  !/^[A-Z][a-z]+[ ,].*\.$/.test(text)
    ? "is no whole sentence"
    : /^[A-Z][a-z]*[^s\W]s /.test(text)
      ? "is no imperative"
      : null;

const phrasesOf = ({ summary, options, arguments: all, commands }: Outline) => [
  ...options.map(({ flags, description }) => ({ what: flags, text: description })),
  ...all.map(({ value, description }) => ({ what: value.name, text: description })),
  ...(commands.length > 0 && summary === "" ? [] : [{ what: "summary", text: summary }]),
];

test("both programs and their commands are here", () => {
  const names = CALLED.map(([name]) => name);
  expect(names).toEqual(expect.arrayContaining(["genxml", "genxml import xen", "guestnet", "guestnet set"]));
});

describe.each(CALLED)("%s --help", (_, { words, command }) => {
  const shown = helpOf(words);

  test("describes each option and argument in a phrase, and the command in sentences", () => {
    const wrong = phrasesOf(command).flatMap(({ what, text }) => {
      const why = wrongPhrase(text);
      return why === null ? [] : [`${what}: "${text}" ${why}`];
    });
    expect(wrong).toEqual([]);
    expect(wrongDescription(command.description)).toBeNull();
  });

  test("fits in 80 columns", () => {
    expect(shown.split("\n").filter((line) => line.length > 80)).toEqual([]);
  });

  test("has examples of this command, with aligned comments", () => {
    const examples = /\nExamples:\n((?: {2}.+\n)+)/.exec(shown)?.[1]?.trimEnd().split("\n") ?? [];
    expect(examples.length).toBeGreaterThan(0);
    const [program = ""] = words;
    for (const line of examples) expect(line).toMatch(new RegExp(`^ {2}(${program}|echo .*) ?`));
    const comments = examples.flatMap((line) => /^.*?\S {2,}# (?=\S)/.exec(line)?.[0].length ?? []);
    expect([...new Set(comments)].length).toBeLessThanOrEqual(1);
  });

  test("shows no default of a switch", () => {
    expect(shown).not.toMatch(/default: (true|false)/);
  });

  test("shows every option with its choices and default", () => {
    const flat = shown.replaceAll(/\s+/g, " ");
    for (const { flags, description, notes } of command.options) {
      expect(flat).toContain(`${flags} ${description}${notes === "" ? "" : ` (${notes})`}`);
    }
  });
});

describe("the commands of guestnet are in groups", () => {
  const groups = new Map(
    [...helpOf(["guestnet"]).matchAll(/^([A-Z][a-z ]+):\n((?: {2}.+\n)+)/gm)].map(
      ([, heading = "", rows = ""]) => [
        heading,
        [...rows.matchAll(/^ {2}([a-z]+) /gm)].map(([, name]) => name),
      ],
    ),
  );
  test.each([
    ["Inspect", ["status", "trace", "doctor", "diagram", "report", "addresses"]],
    ["Repair", ["plan", "apply"]],
    ["Running guests", ["attach", "detach", "set", "autostart", "push"]],
    ["Setup", ["install", "uninstall", "host", "completion"]],
  ])("%s", (heading, names) => {
    expect(groups.get(heading)).toEqual(names);
  });

  test("and no command is in none", () => {
    expect(groups.get("Commands")).toBeUndefined();
  });
});

test.each([
  ["Print JSON", "begins with a capital"],
  ["print JSON.", "ends with a full stop"],
  ["prints the JSON", "is no imperative"],
  ["", "0 characters, not 1 to 60"],
])("the phrase %j is rejected: it %s", (text, why) => {
  expect(wrongPhrase(text)).toBe(why);
});

test.each(["Prints a script.", "Print a script", "print a script."])(
  "the description %j is rejected",
  (text) => {
    expect(wrongDescription(text)).not.toBeNull();
  },
);
