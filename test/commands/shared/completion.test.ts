import { describe, expect, test } from "@jest/globals";
import { genxml } from "../../../src/commands/genxml/program.ts";
import { guestnet } from "../../../src/commands/guestnet/program.ts";
import { toOutline } from "../../../src/commands/shared/outline.ts";
import { runProgram } from "../../support/run-program.ts";

const PROGRAMS = ["genxml", "guestnet"] as const;
type Program = (typeof PROGRAMS)[number];

const print = (program: Program, ...args: readonly string[]): string => {
  const { status, stdout, stderr } = runProgram(process.execPath, [`dist/${program}.js`, ...args]);
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  return stdout;
};

/** What bash offers behind these words, the last of which is being typed. */
const offered = (program: Program, ...words: readonly string[]): readonly string[] => {
  const script = `${print(program, "completion", "bash")}
virsh() { printf 'web1\\ndb1\\n'; }
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); cd /proc/self/fdinfo 2>/dev/null; COMPREPLY=()
_${program}; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { status, stdout, stderr } = runProgram("bash", ["-c", script, "bash", program, ...words]);
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  return stdout.split("\n").filter((word) => /^[a-z-]/.test(word));
};

describe("bash", () => {
  test.each<[Program, readonly string[], readonly string[]]>([
    ["guestnet", ["sta"], ["status"]],
    ["guestnet", ["--v"], ["--version"]],
    ["guestnet", ["status", "--p"], ["--prometheus"]],
    ["guestnet", ["status", "w"], ["web1"]],
    ["guestnet", ["apply", "--yes", "d"], ["db1"]],
    ["guestnet", ["completion", "--h"], ["--help"]],
    ["genxml", ["cl"], ["cloud-init"]],
    ["genxml", ["cloud-init", "--format", "net"], ["netplan", "networkd", "networkmanager"]],
    ["genxml", ["check", "--st"], ["--strict"]],
  ])("%s %j is completed to %j", (program, words, expected) => {
    expect(offered(program, ...words)).toEqual(expected);
  });
});

describe.each(PROGRAMS)("%s", (program) => {
  const commands = toOutline({ genxml, guestnet }[program]()).commands.map(({ name }) => name);

  test("has commands to complete", () => {
    expect(commands).toContain("completion");
    expect(commands.length).toBeGreaterThan(3);
  });

  test.each(["bash", "zsh", "fish"])("%s knows every command", (shell) => {
    const script = print(program, "completion", shell);
    const missing = commands.filter((name) => !script.includes(name));
    expect(missing).toEqual([]);
  });

  test("another shell is wrong use", () => {
    const { status, stderr } = runProgram(process.execPath, [`dist/${program}.js`, "completion", "tcsh"]);
    expect(status).toBe(64);
    expect(stderr).toContain("bash, zsh, fish");
  });
});
