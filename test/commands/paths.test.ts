import { execaSync } from "execa";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import {
  expectPathError,
  LONG,
  MAKE_WRONG_PATHS,
  MISSING,
  NO_DIRECTORIES,
  NO_TEXT,
  UNWRITABLE,
} from "../support/wrong-paths.ts";

const PROFILE = JSON.stringify({
  name: "dns1",
  memory: "1 GiB",
  interfaces: [{ type: "routed", addresses: ["192.0.2.53"] }],
});

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "guestnet-paths-"));
  execaSync("bash", ["-c", MAKE_WRONG_PATHS], { cwd: folder });
  for (const name of ["dns1.json", "nic.json"]) writeFileSync(join(folder, name), PROFILE);
  writeFileSync(join(folder, "host.json.good"), '{ "bridges": { "br0": {} } }');
  writeFileSync(join(folder, "web.cfg"), 'name = "web"\nmemory = 512\nkernel = "/boot/vmlinuz"\n');
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

interface Ended {
  readonly code: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command; one that hangs is killed, and has no exit code. */
const runCommand = ([file = "", ...args]: readonly string[]): Ended => {
  const { exitCode, stdout, stderr } = execaSync(file, args, {
    ...{ cwd: folder, reject: false, stripFinalNewline: false, input: "", timeout: 30_000 },
  });
  return { code: exitCode, stdout, stderr };
};

const commandOf = (program: "genxml" | "guestnet", ...args: readonly string[]): readonly string[] => [
  ...[process.execPath, resolve(`dist/${program}.js`), ...args],
];

const run = (program: "genxml" | "guestnet", args: readonly string[]): Ended =>
  runCommand(commandOf(program, ...args));

const expectError = (program: "genxml" | "guestnet", args: readonly string[]): void => {
  expectPathError(args, run(program, args));
};

describe("an input that cannot be read", () => {
  const inputs: readonly (readonly ["genxml" | "guestnet", (path: string) => readonly string[]])[] = [
    ["genxml", (path) => ["--site", path, "dns1.json"]],
    ["genxml", (path) => ["--host", path, "dns1.json"]],
    ["genxml", (path) => ["--template", path, "dns1.json"]],
    ["genxml", (path) => ["check", "--site", path, "dns1.json"]],
    ["genxml", (path) => ["check", "--peer-site", path, "dns1.json"]],
    ["genxml", (path) => ["diagram", "--site", path, "dns1.json", "-o", "/dev/null"]],
    ["genxml", (path) => ["cloud-init", "--site", path, "dns1.json", "-o", "seed"]],
    ["genxml", (path) => ["cloud-init", path, "-o", "seed"]],
    ["genxml", (path) => ["network", path]],
    ["genxml", (path) => ["host", path, "--format", "networkd"]],
    ["genxml", (path) => ["addresses", "--site", path, "dns1.json"]],
    ["genxml", (path) => ["import", "xen", path]],
    ["genxml", (path) => ["import", "domain", path]],
    ["guestnet", (path) => ["status", "--hosts", path]],
    ["guestnet", (path) => ["push", path, "--dry-run"]],
    ["guestnet", (path) => ["attach", "web1", path]],
    ["guestnet", (path) => ["attach", "web1", "nic.json", "--site", path]],
  ];
  test.each(inputs.map(([program, args]) => [program, args("PATH").join(" "), args] as const))(
    "%s %s",
    (program, _, args) => {
      for (const path of [...MISSING, ...NO_TEXT]) expectError(program, args(path));
    },
  );

  test("a profile: a directory may be one", () => {
    for (const path of [...MISSING, ...NO_TEXT]) expectError("genxml", [path, "-o", "out/"]);
  });

  test("a binary one is shown by its first bytes, escaped", () => {
    expect(run("genxml", ["binary"]).stderr).toContain(String.raw`begins with "\x7fELF\x00\x01\x02\x03"`);
  });
});

test("a text in another encoding is not read: it would lose letters", () => {
  writeFileSync(
    join(folder, "latin.json"),
    Buffer.from(PROFILE.replace("{", '{ "title": "gr\xfcn",'), "latin1"),
  );
  for (const args of [["latin.json"], ["--site", "latin.json", "dns1.json"], ["check", "latin.json"]])
    expect(run("genxml", args)).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(
        /cannot read latin\.json: it is not in UTF-8\nhint: iconv -f ISO-8859-1 -t UTF-8 latin\.json\n/,
      ),
    });
});

test("a file of guestnet's is guestnet's trouble", () => {
  for (const args of [
    ["doctor", "--site", "none"],
    ["host", "plan", "none"],
  ])
    expect(run("guestnet", args).stderr).toMatch(/^guestnet: error: cannot read none: /);
});

describe("a pipe is read to its end", () => {
  const expectDomain = (script: string): void => {
    const genxml = commandOf("genxml").join(" ");
    const { code, stdout, stderr } = runCommand(["bash", "-c", script.replace("genxml", genxml)]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toContain("<name>dns1</name>");
  };

  test("standard input by its path, and a process substitution", () => {
    expectDomain("cat dns1.json | genxml /dev/stdin");
    expectDomain("genxml <(cat dns1.json)");
  });

  test("a FIFO whose writer comes later, and writes in pieces", () => {
    expectDomain("(sleep 0.2; head -c 20 dns1.json; sleep 0.2; tail -c +21 dns1.json) >fifo & genxml fifo");
    expectDomain("exec 9<>fifo; (cat dns1.json; yes ' ' | head -c 200000) >fifo & exec 9>&-; genxml fifo");
  });

  test("one that no program writes to, or reads, is an error with the reason", () => {
    expect(run("genxml", ["fifo"]).stderr).toContain(
      "cannot read fifo: it is a pipe that no program writes to",
    );
    expect(run("genxml", ["dns1.json", "-o", "fifo"]).stderr).toContain(
      "cannot write fifo: it is a pipe that no program reads",
    );
  });
});

describe("an output that cannot be written", () => {
  test.each([
    [["dns1.json"]],
    [["network", "host.json.good"]],
    [["diagram", "dns1.json"]],
    [["import", "xen", "web.cfg", "--quiet"]],
  ])("a file of genxml %j", (args) => {
    for (const path of UNWRITABLE) expectError("genxml", [...args, "-o", path]);
  });

  test.each([
    [["dns1.json"]],
    [["network", "host.json.good"]],
    [["diagram", "dns1.json"]],
    [["import", "xen", "web.cfg", "--quiet"]],
    [["cloud-init", "dns1.json"]],
  ])("a directory of genxml %j", (args) => {
    for (const path of NO_DIRECTORIES) expectError("genxml", [...args, "-o", path]);
  });

  test("a directory where one is required, with or without a slash", () => {
    for (const path of ["file", "/proc/foo", "/dev/null"]) {
      expectError("genxml", ["cloud-init", "dns1.json", "-o", path]);
      expectError("genxml", ["dns1.json", "dir/../dns1.json", "dir", "-o", path]);
    }
  });

  test("a seed image", () => {
    for (const path of [
      "dir",
      "none/seed.iso",
      "/proc/seed.iso",
      "loop/seed.iso",
      LONG,
      "/dev/null",
      "file/seed.iso",
    ])
      expectError("genxml", ["cloud-init", "dns1.json", "--iso", path]);
  });

  test("a root to install into", () => {
    for (const path of ["none", "", "file", "loop", LONG, "/proc/foo", "/dev/null"]) {
      if (path === "") continue;
      expectError("guestnet", ["install", "--root", path]);
      expectError("guestnet", ["uninstall", "--root", path]);
    }
    expect(readdirSync(folder)).not.toContain("none");
  });

  test("an engine for the hook of an image", () => {
    for (const path of ["qjs", "/usr/bin/$(id)", "/usr/bin/a b"])
      expectError("guestnet", ["install", "--root", "dir", "--engine", path]);
  });
});

describe("-o", () => {
  const made = (path: string): string => {
    const stat = statSync(join(folder, path), { throwIfNoEntry: false });
    return stat === undefined ? "nothing" : stat.isFile() ? "file" : "directory";
  };

  test.each([
    [["dns1.json"], "dns1.xml"],
    [["network", "host.json.good"], "br0.xml"],
    [["diagram", "dns1.json"], "guests.svg"],
    [["import", "xen", "web.cfg"], "web.json"],
  ])("of genxml %j is a file, or a directory if it is one or ends in a slash", (args, name) => {
    const at = args.join("-");
    mkdirSync(join(folder, `${at}-there`));
    for (const path of [`${at}.out`, `${at}-new/`, `${at}-there`])
      expect(run("genxml", [...args, "-o", path])).toMatchObject({ code: 0, stdout: "" });
    expect([made(`${at}.out`), made(`${at}-new/${name}`), made(`${at}-there/${name}`)]).toEqual([
      "file",
      "file",
      "file",
    ]);
  });

  test("is a directory for several inputs, and a device is written to", () => {
    mkdirSync(join(folder, "guests"));
    writeFileSync(join(folder, "guests/dns1.json"), PROFILE);
    expect(run("genxml", ["guests", "-o", "several"])).toMatchObject({ code: 0 });
    expect(made("several/dns1.xml")).toBe("file");
    expect(run("genxml", ["dns1.json", "-o", "/dev/null"])).toMatchObject({ code: 0 });
    expect(statSync("/dev/null").isCharacterDevice()).toBe(true);
    expect(run("genxml", ["dns1.json", "-o", "-"]).stdout).toContain("<name>dns1</name>");
  });
});

describe("a mistyped command is no path", () => {
  test.each([
    ["chekc", "genxml check"],
    ["impotr", "genxml import"],
    ["version", "genxml --version"],
  ])("%s", (word, meant) => {
    expect(run("genxml", [word, "guests"])).toEqual({
      code: 64,
      stdout: "",
      stderr: `genxml: error: unknown command '${word}', and no file of this name\nhint: did you mean '${meant}'?\n`,
    });
  });

  test("help is one, and a file of such a name is read", () => {
    expect(run("genxml", ["help"])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("Usage: genxml"),
    });
    writeFileSync(join(folder, "chekc"), PROFILE);
    expect(run("genxml", ["chekc"])).toMatchObject({ code: 0 });
  });
});
