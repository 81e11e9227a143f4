import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { runProgram } from "../../support/run-program.ts";

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
  return runProgram(process.execPath, [GENXML, ...args], {
    cwd: folder,
    input,
  });
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
    ["a file that is not there", "none.json", "no such file or directory\nhint: ls -l ."],
    [
      "a file in a file",
      "dns1.json/none.json",
      "a part of the path is not a directory\nhint: ls -l dns1.json",
    ],
  ])("%s", (_, file, why) => {
    expect(genxml([file])).toEqual({
      status: 1,
      stdout: "",
      stderr: `genxml: error: cannot read ${file}: ${why}\n`,
    });
  });

  test("together with the issues of the files that can", () => {
    const { status, stderr } = genxml(["bad.json", "none.json", "dns1.json", "-o", "some"]);
    expect(status).toBe(1);
    expect(
      stderr
        .trim()
        .split("\n")
        .map((line) => line.replace(/:1:1: error: .*\[/, " [")),
    ).toEqual([
      "bad.json [missing-key]",
      "genxml: error: cannot read none.json: no such file or directory",
      "hint: ls -l .",
      "some: 1 written, 0 unchanged, 2 failed",
      "failed: bad.json, none.json",
    ]);
    expect(readdirSync(join(folder, "some"))).toEqual(["dns1.xml"]);
  });
});

test("several profiles are several files of a folder", () => {
  expect(genxml(["dns1.json", "dns2.json", "--output", "deep/out"])).toEqual({
    status: 0,
    stdout: "",
    stderr: "deep/out: 2 written, 0 unchanged, 0 failed\n",
  });
  expect(readdirSync(join(folder, "deep/out")).sort()).toEqual(["dns1.xml", "dns2.xml"]);
  expect(readFileSync(join(folder, "deep/out/dns1.xml"), "utf8")).toBe(genxml(["dns1.json"]).stdout);
});

test.each([
  ["no file", []],
  ["several profiles without a folder", ["dns1.json", "dns2.json"]],
  ["several profiles on standard output", ["dns1.json", "dns2.json", "-o", "-"]],
  ["several files on standard output", ["cloud-init", "dns1.json", "-o", "-"]],
  ["a libvirt that is too old", ["--libvirt", "7.10", "dns1.json"]],
  ["a libvirt that is none", ["--libvirt", "new", "dns1.json"]],
  ["no host for a network", ["network"]],
  ["a folder without a folder", ["guests.json"]],
  ["check without a path", ["check"]],
  ["an unknown option", ["--verbose", "dns1.json"]],
])("wrong use is 64 and says what is right: %s", (_, args) => {
  const { status, stdout, stderr } = genxml(args);
  expect({ status, stdout }).toEqual({ status: 64, stdout: "" });
  expect(stderr).toMatch(/^genxml: error: .+\nhint: genxml .*--help\n$/);
});

describe("host.json", () => {
  const host = (name: string) => `{ "bridges": { "br0": { "vlans": { "${name}": 20 } } } }`;
  const profile = (vlan: string) =>
    `{ "name": "app1", "memory": "1 GiB", "interfaces": [{ "type": "bridge", "bridge": "br0", "vlan": ${vlan} }] }`;
  beforeAll(() => {
    mkdirSync(join(folder, "site"));
    writeFileSync(join(folder, "site/host.json"), host("servers"));
    writeFileSync(join(folder, "site/app1.json"), profile('"servers"'));
    writeFileSync(join(folder, "site/app2.json"), profile("21").replace("app1", "app2"));
    writeFileSync(join(folder, "other.json"), host("lab"));
    writeFileSync(join(folder, "broken.json"), '{ "bridges": { "br0": { "vlans": { "servers": 0 } } } }');
  });

  test("is the one beside the profile, which among several files is no guest", () => {
    expect(genxml(["site/app1.json"])).toMatchObject({ status: 0, stderr: "" });
    const several = genxml(["site/app1.json", "site/host.json", "-o", "out-site"]);
    expect(several).toMatchObject({ status: 0, stderr: "out-site: 1 written, 0 unchanged, 0 failed\n" });
    expect(readdirSync(join(folder, "out-site"))).toEqual(["app1.xml"]);
  });

  test("or the one that is named, for standard input as well", () => {
    for (const option of ["--site", "--host"])
      expect(genxml([option, "site/host.json", "-"], profile('"servers"')).status).toBe(0);
    expect(genxml(["--site", "site/host.json", "--host", "site/host.json", "-"]).status).toBe(64);
    expect(genxml(["-"], profile('"servers"')).stderr).toMatch(/no host\.json found.*\[vlan-name\]/);
    expect(genxml(["--site", "other.json", "site/app1.json"]).stderr).toMatch(/it has: lab/);
  });

  test("that is wrong is reported once, and nothing follows from it", () => {
    const { status, stderr } = genxml([
      "--site",
      "broken.json",
      "site/app1.json",
      "site/app2.json",
      "-o",
      "o",
    ]);
    expect(status).toBe(1);
    expect(stderr).toMatch(
      /^broken\.json:1:47: error: bridges\.br0\.vlans\.servers: .*\[vlan-range\]\no: 0 written, /,
    );
    expect(stderr.match(/error:/g)).toHaveLength(1);
    expect(genxml(["--site", "none.json", "site/app1.json"]).stderr).toMatch(
      /^genxml: error: cannot read none\.json: no such file/,
    );
  });

  test("warns of a number that it does not have, and the XML is written", () => {
    const { status, stdout, stderr } = genxml(["site/app2.json"]);
    expect(status).toBe(0);
    expect(stdout).toContain('vlan="21"');
    expect(stderr).toMatch(/^site\/app2\.json:1:\d+: warning: interfaces\[0\]\.vlan: .*\[vlan-unlisted\]\n$/);
  });
});

test("--libvirt 11.0 has the VLANs in the interface, and the metadata names none", () => {
  const profile = `{ "name": "n", "memory": "1 GiB", "interfaces": [{ "type": "bridge", "bridge": "br0", "vlan": 20 }] }`;
  const native = genxml(["--libvirt", "11.0", "-"], profile).stdout;
  expect(native).toContain('<tag id="20"/>');
  expect(native).not.toContain('vlan="20"');
  expect(genxml(["--libvirt", "10.9.0", "-"], profile).stdout).toBe(genxml(["-"], profile).stdout);
});

describe("genxml network", () => {
  const two = '{ "bridges": { "br0": {}, "br1": { "vlans": { "a": 1 } } } }';
  test("is one network for each bridge", () => {
    expect(genxml(["network", "-"], '{ "bridges": { "br0": {} } }').stdout).toMatch(
      /^<network>[\s\S]*<\/network>\n$/,
    );
    expect(genxml(["network", "-", "-o", "nets"], two)).toEqual({ status: 0, stdout: "", stderr: "" });
    expect(readdirSync(join(folder, "nets")).sort()).toEqual(["br0.xml", "br1.xml"]);
  });

  test("has VLANs only for a libvirt that takes them", () => {
    expect(genxml(["network", "-", "-o", "n9"], two).status).toBe(0);
    expect(genxml(["network", "--libvirt", "11.0", "-", "-o", "n11"], two).status).toBe(0);
    const tags = (dir: string) => readFileSync(join(folder, dir, "br1.xml"), "utf8").includes("<tag");
    expect([tags("n9"), tags("n11")]).toEqual([false, true]);
  });

  test.each([
    ["several bridges on standard output", two, 64, /br0, br1/],
    ["no bridge", "{}", 1, /\[missing-key\]/],
    ["a wrong file", '{ "bridges": 1 }', 1, /\[wrong-type\]/],
  ])("refuses %s", (_, text, status, why) => {
    const ran = genxml(["network", "-"], text);
    expect(ran).toMatchObject({ status, stdout: "" });
    expect(ran.stderr).toMatch(why);
  });

  test("leaves files of that name to themselves", () => {
    writeFileSync(join(folder, "network.json"), GOOD);
    expect(genxml(["network.json"]).stdout).toBe(genxml(["dns1.json"]).stdout);
  });
});

test("two profiles of one name are not one file, but one file named twice is one profile", () => {
  writeFileSync(join(folder, "copy.json"), GOOD);
  expect(genxml(["dns1.json", "copy.json", "-o", "twice"]).status).toBe(1);
  expect(readdirSync(folder)).not.toContain("twice");
  expect(genxml(["dns1.json", "./dns1.json", "-o", "once"])).toEqual({ status: 0, stdout: "", stderr: "" });
});

test("one profile with errors writes nothing", () => {
  expect(genxml(["bad.json", "-o", "none"]).status).toBe(1);
  expect(readdirSync(folder)).not.toContain("none");
});

describe("a template of one's own", () => {
  beforeAll(() => {
    mkdirSync(join(folder, "sub"));
    writeFileSync(join(folder, "sub/own.xml"), "<domain type='kvm'><!-- mine --><name>x</name></domain>");
    writeFileSync(join(folder, "sub/broken.xml"), "<domain>\n  <name>\n</domain>");
    writeFileSync(join(folder, "sub/own.json"), GOOD.replace("{", '{ "template": "own.xml",'));
    writeFileSync(join(folder, "sub/none.json"), GOOD.replace("{", '{ "template": "none.xml",'));
  });

  test("is found beside the profile", () => {
    const { status, stdout } = genxml(["sub/own.json"]);
    expect(status).toBe(0);
    expect(stdout).toContain("<!-- mine --><name>dns1</name>");
  });

  test("is what --template says, whatever the profile says", () => {
    const { status, stdout } = genxml(["sub/none.json", "--template", "sub/own.xml"]);
    expect(status).toBe(0);
    expect(stdout).toContain("<!-- mine --><name>dns1</name>");
  });

  test("that is not there is an issue", () => {
    const line = "genxml: error: cannot read sub/none.xml: no such file or directory\nhint: ls -l sub\n";
    expect(genxml(["sub/none.json"])).toEqual({ status: 1, stdout: "", stderr: line });
  });

  test("that is no XML is an issue of that file, once for all profiles", () => {
    const { status, stdout, stderr } = genxml([
      "dns1.json",
      "dns2.json",
      "-o",
      "o",
      "--template",
      "sub/broken.xml",
    ]);
    expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
    expect(stderr).toMatch(/^sub\/broken\.xml:3:\d+: error: .* \[template\]\no: 0 written, /);
  });
});

test.each(["guest", "host"])("the schema of a %s.json is the one that is shipped", (file) => {
  const { status, stdout, stderr } = genxml(["schema", file]);
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  expect(stdout).toBe(readFileSync(`schema/${file}.schema.json`, "utf8"));
});

test("no other file has a schema", () => {
  const { status, stderr } = genxml(["schema", "guests"]);
  expect(status).toBe(64);
  expect(stderr).toContain("allowed choices are guest, host");
});
