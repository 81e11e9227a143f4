import { execaSync } from "execa";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";

const PROFILE = JSON.stringify({
  name: "dns1",
  memory: "1 GiB",
  interfaces: [{ type: "routed", addresses: ["192.0.2.53"] }],
});
const LONG = "n".repeat(300);

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "guestnet-paths-"));
  mkdirSync(join(folder, "dir"));
  for (const name of ["dns1.json", "nic.json"]) writeFileSync(join(folder, name), PROFILE);
  writeFileSync(join(folder, "host.json.good"), '{ "bridges": { "br0": {} } }');
  writeFileSync(join(folder, "web.cfg"), 'name = "web"\nmemory = 512\nkernel = "/boot/vmlinuz"\n');
  writeFileSync(join(folder, "file"), "a file\n");
  writeFileSync(join(folder, "binary"), Uint8Array.from([0x7f, 0x45, 0x4c, 0x46, 0, 1, 2, 3]));
  symlinkSync("loop", join(folder, "loop"));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** Runs a built program; one that hangs is killed, and has no exit code. */
const run = (program: "genxml" | "guestnet", args: readonly string[]) => {
  const { exitCode, stdout, stderr } = execaSync(process.execPath, [resolve(`dist/${program}.js`), ...args], {
    cwd: folder,
    reject: false,
    stripFinalNewline: false,
    input: "",
    timeout: 30_000,
  });
  return { code: exitCode, stdout, stderr };
};

/** One error in its one shape, of which the command's own words may follow. */
const SHAPE =
  /^(genxml|guestnet): error: cannot (read|write|create directory|use|find) [^\n]+: [^\n]+\nhint: [^\n]+\n/;

const expectError = (program: "genxml" | "guestnet", args: readonly string[]): void => {
  const { code, stderr } = run(program, args);
  expect({ args, code, stderr }).toEqual({ args, code: 1, stderr: expect.stringMatching(SHAPE) });
  expect(stderr).not.toMatch(/E[A-Z]{3,}\b|\n {4}at |internal error/);
  expect(stderr.length).toBeLessThan(1200);
};

const MISSING_FILES = ["none", "none/none", "", "loop", LONG, "/proc/foo", "file/none"] as const;
const NO_FILES = [...MISSING_FILES, "dir", "/dev/zero", "binary"] as const;

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
    ["genxml", (path) => ["import", "xen", path]],
    ["genxml", (path) => ["import", "domain", path]],
    ["guestnet", (path) => ["status", "--hosts", path]],
    ["guestnet", (path) => ["attach", "web1", path]],
    ["guestnet", (path) => ["attach", "web1", "nic.json", "--site", path]],
  ];
  test.each(inputs.map(([program, args]) => [program, args("PATH").join(" "), args] as const))(
    "%s %s",
    (program, _, args) => {
      for (const path of NO_FILES) expectError(program, args(path));
    },
  );

  test("a profile: a directory may be one", () => {
    for (const path of [...MISSING_FILES, "/dev/zero", "binary", "dir"])
      expectError("genxml", [path, "-o", "out/"]);
  });

  test("a binary one is shown by its first bytes, escaped", () => {
    expect(run("genxml", ["binary"]).stderr).toContain(String.raw`begins with "\x7fELF\x00\x01\x02\x03"`);
  });
});

const UNWRITABLE = ["/proc/foo", "/sys/foo", "loop", "none/out", "file/out", LONG, "/dev/full"] as const;

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
    for (const path of ["/proc/foo/", "/sys/foo/", "loop/", "file/", "file/out/", `${LONG}/`, "/dev/null/"])
      expectError("genxml", [...args, "-o", path]);
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
