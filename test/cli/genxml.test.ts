import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const GENXML = resolve("dist/genxml.js");
const GOOD = '{ "name": "dns1", "memory": "1 GiB" }';
let folder = "";

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "guestnet-genxml-"));
  writeFileSync(join(folder, "dns1.json"), GOOD);
  writeFileSync(join(folder, "dns2.json"), GOOD.replace("dns1", "dns2"));
  writeFileSync(join(folder, "bad.json"), '{ "name": "dns1" }');
  mkdirSync(join(folder, "guests.json"));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const genxml = (args: readonly string[], input = "") => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [GENXML, ...args], {
    cwd: folder,
    input,
    encoding: "utf8",
  });
  return { status, stdout, stderr };
};

test("a good profile is XML on standard output, and nothing else", () => {
  const { status, stdout, stderr } = genxml(["dns1.json"]);
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  expect(stdout).toMatch(/^<domain [\s\S]*<name>dns1<\/name>[\s\S]*<\/domain>\n$/);
});

test("- is standard input", () => {
  expect(genxml(["-"], GOOD).stdout).toBe(genxml(["dns1.json"]).stdout);
  expect(genxml(["-"], "{}").stderr).toMatch(/^<stdin>:1:1: error: name: /);
});

describe("what cannot be read is an issue among the others", () => {
  test.each([
    ["a file that is not there", "none.json", "no such file"],
    ["a folder", "guests.json", "this is a folder, not a file"],
  ])("%s", (_, file, why) => {
    expect(genxml([file])).toEqual({
      status: 1,
      stdout: "",
      stderr: `${file}:1:1: error: cannot be read: ${why} [unreadable]\n`,
    });
  });

  test("together with the issues of the files that can", () => {
    const { status, stderr } = genxml(["bad.json", "none.json", "dns1.json", "-o", "out"]);
    expect(status).toBe(1);
    expect(
      stderr
        .trim()
        .split("\n")
        .map((line) => line.replace(/:1:1: error: .*\[/, " [")),
    ).toEqual(["bad.json [missing-key]", "none.json [unreadable]"]);
    expect(readdirSync(folder)).not.toContain("out");
  });
});

test("several profiles are several files of a folder", () => {
  expect(genxml(["dns1.json", "dns2.json", "--output", "deep/out"])).toEqual({
    status: 0,
    stdout: "",
    stderr: "",
  });
  expect(readdirSync(join(folder, "deep/out")).sort()).toEqual(["dns1.xml", "dns2.xml"]);
  expect(readFileSync(join(folder, "deep/out/dns1.xml"), "utf8")).toBe(genxml(["dns1.json"]).stdout);
});

test.each([
  ["no file", []],
  ["several profiles without a folder", ["dns1.json", "dns2.json"]],
  ["an unknown option", ["--verbose", "dns1.json"]],
])("wrong use is 64 and says what is right: %s", (_, args) => {
  const { status, stdout, stderr } = genxml(args);
  expect({ status, stdout }).toEqual({ status: 64, stdout: "" });
  expect(stderr).toMatch(/^error: .+\n[\s\S]*genxml --help/);
});

test("two profiles of one name are not one file", () => {
  const { status } = genxml(["dns1.json", "./dns1.json", "-o", "twice"]);
  expect(status).toBe(1);
});
