import { describe, expect, test } from "@jest/globals";
import { endLine, readOutcomes, renderScript } from "../../src/run/script.ts";
import type { Program, Ran } from "../../src/kernel/host.ts";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { inFolder } from "../support/guestnet.ts";
import { runProgram } from "../support/run-program.ts";

const MARK = "mark-1";
const program = (file: string, args: readonly string[] = [], stdin = ""): Program => ({ file, args, stdin });

const runAll = (shell: string, programs: readonly Program[], chained = false): readonly Ran[] =>
  readOutcomes(runProgram(shell, [], { input: renderScript(programs, MARK, chained) }).stdout, MARK);

/** What people, kernels and attackers can put into a name. */
const HOSTILE = [
  ...["plain", "", " ", "two words", "it's", "''", "'; touch /tmp/evil; '", "$(touch /tmp/evil)"],
  ...["`touch /tmp/evil`", "$HOME ${PATH}", "a\nb", "a\\", "\\'", "*", "~", "!!", "#x", "-n", '"'],
  ...["ümläut", "&& false | true > /dev/null", "%s %d", "}\n", "\\0", "\\n\\c"],
];

describe.each(["sh", "bash"])("%s runs programs as they are", (shell) => {
  test.each(HOSTILE)("with the word %j as an argument and as input", (word) => {
    expect(
      runAll(shell, [program("printf", ["%s\\0", word, "end"]), program("cat", [], word)]),
    ).toMatchObject([
      { code: 0, stdout: `${word}\0end\0` },
      { code: 0, stdout: word },
    ]);
  });

  test("with NUL, backslashes and no last newline in the input", () => {
    const input = "a\0b\\0c\\\\d\0\\e";
    expect(runAll(shell, [program("cat", [], input)])[0]?.stdout).toBe(input);
  });

  test("with a megabyte of input, and an input that is not read", () => {
    const input = "x".repeat(1_000_000);
    expect(runAll(shell, [program("cat", [], input), program("true", [], input)])).toEqual([
      { code: 0, stdout: input, stderr: "" },
      { code: 0, stdout: "", stderr: "" },
    ]);
  });

  test("one after the other, each with its status, output and errors", () => {
    const say = program("sh", ["-c", "echo out; echo err >&2; exit 3"]);
    expect(runAll(shell, [say, program("no-such-program"), program("echo", ["last"])])).toEqual([
      { code: 3, stdout: "out\n", stderr: "err\n" },
      { code: 127, stdout: "", stderr: expect.stringContaining("no-such-program") },
      { code: 0, stdout: "last\n", stderr: "" },
    ]);
  });

  test("in a chain only as long as each ends with 0", () => {
    const ran = runAll(shell, [program("true"), program("false"), program("echo", ["never"])], true);
    expect(ran.map(({ code }) => code)).toEqual([0, 1]);
  });

  test("a script that arrives in part runs nothing, wherever it was cut", async () => {
    await inFolder((folder) => {
      const file = join(folder, "made");
      const whole = renderScript([program("touch", [file]), program("true", [], "text")], MARK, true);
      for (let length = 0; length < whole.length - 2; length += 1) {
        runProgram(shell, [], { input: whole.slice(0, length) });
        expect([length, existsSync(file)]).toEqual([length, false]);
      }
      return Promise.resolve();
    });
  });

  test("a script goes on to its end when nobody reads its output any more, and at a hangup", async () => {
    await inFolder((folder) => {
      const file = join(folder, "made");
      const programs = [
        program("sh", ["-c", "kill -HUP $PPID; seq 100000"]),
        program("sh", ["-c", `sleep 0.1; echo done >${file}`]),
      ];
      const script = renderScript(programs, MARK, false);
      runProgram("bash", ["-c", `${shell} | head -c 1 >/dev/null`], { input: script });
      expect(readFileSync(file, "utf8")).toBe("done\n");
      return Promise.resolve();
    });
  });
});

test("what is missing at the end of the output did not run", () => {
  const { stdout } = runProgram("sh", [], {
    input: renderScript([program("echo", ["one"]), program("echo", ["two"])], MARK, false),
  });
  for (let length = 0; length <= stdout.length; length += 1) {
    const seen = readOutcomes(stdout.slice(0, length), MARK).map((ran) => ran.stdout);
    expect(["one\n", "two\n"].slice(0, seen.length)).toEqual(seen);
  }
  expect(readOutcomes(stdout, MARK)).toHaveLength(2);
});

test("the end line is printed behind all programs, and not when one of a chain fails", () => {
  const ends = (chained: boolean): boolean =>
    runProgram("sh", [], {
      input: renderScript([program("false"), program("echo", ["one"])], MARK, chained),
    }).stdout.endsWith(`\n${endLine(MARK)}`);
  expect([false, true].map(ends)).toEqual([true, false]);
});
