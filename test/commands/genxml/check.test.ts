import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { cases, fleets } from "../../support/cases.ts";
import { type Genxml, genxmlIn } from "../../support/genxml.ts";

const GOOD = '{ "name": "dns1", "memory": "1 GiB" }';
const BAD = '{ "name": "dns9" }';
const STRANGE =
  '{ "name": "q", "memory": "1 GiB", "interfaces": [{ "type": "bridge", "bridge": "br0", "vlan": 2, "queues": 4 }] }';

let genxml: Genxml;
beforeAll(() => {
  genxml = genxmlIn();
  genxml.write("guests/dns1.json", GOOD);
  genxml.write("guests/deep/er/dns2.json", GOOD.replace("dns1", "dns2"));
  genxml.write("strange/q.json", STRANGE);
  genxml.write("mixed/good.json", GOOD);
  genxml.write("mixed/bad.json", BAD);
  genxml.write("mixed/q.json", STRANGE);
  mkdirSync(join(genxml.folder, "empty"));
  genxml.write("guests/host.json", "{}");
  for (const no of ["notes.txt", ".git/x.json", ".hidden.json", "node_modules/x/package.json"])
    genxml.write(`guests/${no}`, "not a profile");
  symlinkSync("..", join(genxml.folder, "guests/deep/up"));
});
afterAll(() => {
  genxml.remove();
});

const check = (...args: readonly string[]) => genxml.run(["check", ...args]);

describe("a folder is the profiles in and below it", () => {
  test("without host.json, hidden files, node_modules and circles", () => {
    expect(check("guests")).toEqual({ status: 0, stdout: "", stderr: "2 profiles: 0 errors, 0 warnings\n" });
  });

  test("a file that is in two of the paths is one", () => {
    expect(check("guests", "guests/dns1.json", "guests/deep").stderr).toMatch(/^2 profiles: 0 errors/);
  });

  test("without any profile it is a mistake", () => {
    const { status, stderr } = check("empty", "guests");
    expect(status).toBe(1);
    expect(stderr).toMatch(/^genxml: error: cannot find a profile in empty: .*\nhint: ls empty\n/);
  });
});

test("a host.json that is named alone is checked as one", () => {
  genxml.write("alone/host.json", '{ "bridges": { "br0": { "uplink": ["eno1"] } } }');
  const { status, stderr } = check("alone/host.json");
  expect(status).toBe(1);
  expect(stderr).toMatch(
    /^alone\/host\.json:1:\d+: error: bridges\.br0\.uplink: unknown key .*did you mean "uplinks".*\n1 host: 1 error, 0 warnings\n$/,
  );
  expect(check("guests/host.json")).toEqual({
    status: 0,
    stdout: "",
    stderr: "1 host: 0 errors, 0 warnings\n",
  });
});

test("a host.json that no profile is beside is checked, by its name or its directory", () => {
  genxml.write("host/host.json", '{ "bridges": { "br0": { "uplink": ["eno1"] } } }');
  const error = /^host\/host\.json:1:\d+: error: bridges\.br0\.uplink: unknown key /m;
  expect(check("host").stderr).toMatch(/\n1 host: 1 error, 0 warnings\n$/);
  for (const args of [["host"], ["host", "guests"], ["host/host.json", "guests"]]) {
    expect(check(...args).status).toBe(1);
    expect(check(...args).stderr).toMatch(error);
  }
  const site = ["--site", "guests/host.json"];
  expect(check(...site, "guests", "host/host.json").stderr).toMatch(error);
  expect(check(...site, "guests", "host").status).toBe(0);
  const wrong = check("--site", "host/host.json", "guests", "host/host.json").stderr;
  expect(wrong.match(/unknown key/g)).toHaveLength(1);
  for (const args of [["none/host.json"], ["none/host.json", "guests"]]) {
    expect(check(...args).status).toBe(1);
    expect(check(...args).stderr).toContain("genxml: error: cannot read none/host.json: no such file");
  }
});

describe("the report", () => {
  test("has every problem of every file, in the order of files and lines, and a sum", () => {
    const { status, stdout, stderr } = check("mixed");
    expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
    expect(stderr).toMatch(
      /^mixed\/bad\.json:1:1: error: .*\[missing-key\]\nmixed\/q\.json:1:\d+: warning: .*\[queues\]\n3 profiles: 1 error, 1 warning\n$/,
    );
  });

  test("takes standard input", () => {
    expect(genxml.run(["check", "-"], BAD).stderr).toMatch(/^<stdin>:1:1: error: memory: /);
  });

  test("has what cannot be read", () => {
    expect(check("none.json", "guests").stderr).toMatch(
      /^genxml: error: cannot read none\.json: no such file or directory\nhint: ls -l \.\n/,
    );
  });

  test("is good with warnings, unless --strict makes them errors", () => {
    expect(check("strange").status).toBe(0);
    const { status, stderr } = check("--strict", "strange");
    expect(status).toBe(1);
    expect(stderr).toMatch(/: error: .*\[queues\]\n1 profile: 1 error, 0 warnings\n$/);
  });

  test("has errors only with --quiet", () => {
    expect(check("--quiet", "strange")).toEqual({ status: 0, stdout: "", stderr: "" });
    expect(check("-q", "mixed").stderr).toMatch(/^mixed\/bad\.json.*\n$/);
  });
});

describe("--json", () => {
  test("is the report on standard output, in the promised shape", () => {
    const { status, stdout, stderr } = check("--json", "mixed");
    expect({ status, stderr }).toEqual({ status: 1, stderr: "" });
    expect(JSON.parse(stdout)).toEqual({
      files: 3,
      errors: 1,
      warnings: 1,
      issues: [
        {
          file: "mixed/bad.json",
          line: 1,
          column: 1,
          severity: "error",
          code: "missing-key",
          path: ["memory"],
          message: "required key is missing",
        },
        {
          file: "mixed/q.json",
          line: 1,
          column: STRANGE.indexOf("4 }") + 1,
          severity: "warning",
          code: "queues",
          path: ["interfaces", 0, "queues"],
          message: "should be at most 1, the number of vCPUs, found 4: more queues have no effect",
        },
      ],
    });
  });

  test("is there when nothing is wrong", () => {
    expect(JSON.parse(check("guests", "--json").stdout)).toEqual({
      files: 2,
      errors: 0,
      warnings: 0,
      issues: [],
    });
  });
});

test.each(fleets().map((one) => one.name))("the built program finds what clashes in %s", (name) => {
  const folder = join(process.cwd(), "fixtures/fleets", name);
  const { status, stderr } = genxml.run(["check", folder]);
  const expected = readFileSync(join(folder, "issues.txt"), "utf8");
  expect(stderr.replaceAll(`${folder}/`, "").replace(/^\d+ profiles?: .*\n$/m, "")).toBe(expected);
  expect(status).toBe(expected.includes(": error: ") ? 1 : 0);
});

test("it takes all cases at once and finds everything that each of them has", () => {
  const { stderr } = genxml.run(["check", join(process.cwd(), "fixtures/cases")]);
  for (const one of cases()) {
    for (const line of (one.read("issues.txt") ?? "").split("\n")) {
      expect(stderr).toContain(line.replace(/^guest\.json/, `${one.name}/guest.json`));
    }
  }
});
