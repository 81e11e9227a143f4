import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { runHere } from "../../lab/lab.ts";

const PROGRAMS = ["genxml", "guestnet"] as const;
type Program = (typeof PROGRAMS)[number];
const SHELLS = ["bash", "zsh", "fish"] as const;
const HERE = import.meta.dirname;

let folder: string;
const scriptOf = (program: Program, shell: string): string => join(folder, `${program}.${shell}`);
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "guestnet-shells-"));
  for (const program of PROGRAMS)
    for (const shell of SHELLS) {
      const { status, stdout } = runHere("node", [`dist/${program}.js`, "completion", shell]);
      expect(status).toBe(0);
      writeFileSync(scriptOf(program, shell), stdout);
    }
  mkdirSync(join(folder, "guests/more"), { recursive: true });
  for (const file of ["web1.json", "web1.xml", "notes.txt", "more/db1.json"])
    writeFileSync(join(folder, "guests", file), "");
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/**
 * What the shell offers behind these words, the last of which is being typed: a directory without the slash, a value without its
 * option, which fish repeats, and a name without its backslashes.
 */
const offered = (shell: (typeof SHELLS)[number], program: Program, words: readonly string[]) => {
  const given = [HERE, scriptOf(program, shell), join(folder, "guests"), program, ...words];
  const { status, stdout, stderr } = runHere(shell, [join(HERE, `offers.${shell}`), ...given]);
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  const lines = stdout.split("\n").filter((line) => line !== "");
  return [
    ...new Set(
      lines.map((line) =>
        line
          .replace(/\/$/, "")
          .replace(/^--[a-z]+=/, "")
          .replaceAll("\\", ""),
      ),
    ),
  ].sort();
};

const BOTH_NICS = ["52:54:00:00:00:02", "web1-0"];
const FIRST_WORDS = [
  "addresses",
  "check",
  "cloud-init",
  "completion",
  "diagram",
  "host",
  "import",
  "more",
  "network",
  "schema",
];

describe.each(SHELLS)("%s completes", (shell) => {
  test.each<[string, Program, readonly string[], readonly string[]]>([
    ["a command", "guestnet", ["sta"], ["status"]],
    ["a command of a command", "genxml", ["import", ""], ["domain", "host", "xen"]],
    ["commands and profiles", "genxml", [""], [...FIRST_WORDS, "web1.json"]],
    ["no command behind a profile", "genxml", ["web1.json", ""], ["more", "web1.json"]],
    ["an option", "guestnet", ["status", "--prom"], ["--prometheus"]],
    ["an option of a command of a command", "genxml", ["import", "xen", "--syn"], ["--syntax"]],
    ["no option of another command", "genxml", ["import", "domain", "--syn"], []],
    [
      "the choices of an option",
      "genxml",
      ["cloud-init", "--format", "net"],
      ["netplan", "networkd", "networkmanager"],
    ],
    ["a choice behind =", "genxml", ["cloud-init", "--format=netp"], ["netplan"]],
    ["a file behind =", "genxml", ["cloud-init", "--site=we"], ["web1.json"]],
    ["a directory behind =", "genxml", ["cloud-init", "--output="], ["more"]],
    ["those of a command of a command", "genxml", ["import", "xen", "--syntax", ""], ["auto", "xl", "xm"]],
    ["the choices of an argument", "genxml", ["schema", ""], ["guest", "host"]],
    ["running guests", "guestnet", ["plan", ""], ["db1", "my guest", "web1"]],
    ["a name with a blank", "guestnet", ["plan", "my"], ["my guest"]],
    ["the NICs of a guest with a blank", "guestnet", ["set", "my\\ guest", ""], ["my-gue-0"]],
    ["further guests", "guestnet", ["status", "db1", "w"], ["web1"]],
    ["guests that are off where they can be meant", "guestnet", ["set", "o"], ["off1"]],
    ["the guest's NICs, without a tap by their MAC addresses", "guestnet", ["set", "web1", ""], BOTH_NICS],
    ["its NICs behind options", "guestnet", ["set", "-c", "test:///default", "web1", "web"], ["web1-0"]],
    ["no other guest's NICs", "guestnet", ["detach", "db1", ""], []],
    ["a key with its =", "guestnet", ["set", "web1", "web1-0", "vl"], ["vlan="]],
    ["another key", "guestnet", ["set", "web1", "web1-0", "trunk=30", "nat"], ["native="]],
    ["profiles and directories", "genxml", ["check", ""], ["more", "web1.json"]],
    ["a profile in a directory", "genxml", ["check", "more/"], ["more/db1.json"]],
    ["a JSON file where a NIC is meant", "guestnet", ["attach", "web1", ""], ["more", "web1.json"]],
    ["XML where a template is meant", "genxml", ["--template", ""], ["more", "web1.xml"]],
    ["directories only", "guestnet", ["install", "--root", ""], ["more"]],
    [
      "them where the program's own option takes any path",
      "genxml",
      ["cloud-init", "--output", ""],
      ["more"],
    ],
    ["an option behind a profile", "genxml", ["web1.json", "--temp"], ["--template"]],
    ["any file", "genxml", ["cloud-init", "--iso", "n"], ["notes.txt"]],
    ["shells", "guestnet", ["completion", "f"], ["fish"]],
    ["nothing behind the last argument", "guestnet", ["completion", "fish", "b"], []],
  ])("%s: %s %j", (_, program, words, expected) => {
    const found = offered(shell, program, words);
    // A file below a directory is offered by its own name where the shell keeps the rest.
    const named = shell === "zsh" ? expected.map((one) => one.split("/").at(-1)) : expected;
    if (words.at(-1) === "" && expected.length === 0) {
      // bash shows the options where there is nothing else.
      expect(found.filter((one) => !one.startsWith("-"))).toEqual([]);
    } else expect(found).toEqual(named);
  });
});

test.each<[Program, string, string]>([
  ["guestnet", "guestnet set web1 web1-0 vl", "<set><web1><web1-0><vlan=>"],
  ["guestnet", "guestnet set web1 web1-0 isolated=y", "<set><web1><web1-0><isolated=yes>"],
  ["guestnet", "guestnet plan m", "<plan><my guest>"],
  ["guestnet", String.raw`guestnet plan my\ g`, "<plan><my guest>"],
  ["guestnet", "guestnet plan 'my g", "<plan><my guest>"],
  ["guestnet", 'guestnet plan "my', "<plan><my guest>"],
  ["guestnet", String.raw`guestnet set my\ guest m`, "<set><my guest><my-gue-0>"],
  ["guestnet", "guestnet set web1 52:54", "<set><web1><52:54:00:00:00:02>"],
  ["genxml", "genxml cloud-init --format=netp", "<cloud-init><--format=netplan>"],
  ["genxml", "genxml imp", "<import>"],
])("an interactive bash completes for %s what a tab comes behind: %s", (program, line, expected) => {
  const { status, stdout } = runHere("zsh", [
    "-f",
    join(HERE, "typed.zsh"),
    HERE,
    scriptOf(program, "bash"),
    line,
  ]);
  expect({ status, stdout }).toEqual({ status: 0, stdout: `${expected}\n` });
});

describe.each(PROGRAMS)("%s has a completion", (program) => {
  test.each(SHELLS)("that %s can read", (shell) => {
    expect(runHere(shell, ["-n", scriptOf(program, shell)])).toEqual({ status: 0, stdout: "", stderr: "" });
  });
});

test("genxml asks no libvirt", () => {
  for (const shell of SHELLS)
    expect(runHere("grep", ["-c", "virsh", scriptOf("genxml", shell)])).toMatchObject({ stdout: "0\n" });
});
