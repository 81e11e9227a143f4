import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { type Genxml, genxmlIn } from "../../support/genxml.ts";

const guest = (name: string, more = ""): string => `{ "name": "${name}", "memory": "1 GiB"${more} }`;
const nic = ', "interfaces": [{ "type": "bridge", "bridge": "br0", "vlan": 20, "mac": "52:54:00:00:00:01" }]';

let genxml: Genxml;
beforeAll(() => {
  genxml = genxmlIn();
  for (const name of ["a", "b", "c"]) genxml.write(`guests/${name}.json`, guest(name));
});
afterAll(() => {
  genxml.remove();
});
const out = (file = "") => join(genxml.folder, "out", file);
const generate = (...more: readonly string[]) => genxml.run(["guests", "-o", "out", ...more]);
const past = new Date("2001-01-01");

test("a folder of profiles becomes a folder of domains", () => {
  expect(generate()).toEqual({ status: 0, stdout: "", stderr: "out: 3 written, 0 unchanged, 0 failed\n" });
  expect(readdirSync(out())).toEqual(["a.xml", "b.xml", "c.xml"]);
});

test("only what changed is written: the others keep their time, the new one its permissions", () => {
  for (const file of readdirSync(out())) utimesSync(out(file), past, past);
  chmodSync(out("b.xml"), 0o600);
  genxml.write("guests/b.json", guest("b", ', "vcpus": 2'));
  expect(generate().stderr).toBe("out: 1 written, 2 unchanged, 0 failed\n");
  expect(statSync(out("a.xml")).mtime).toEqual(past);
  expect(statSync(out("b.xml")).mtime).not.toEqual(past);
  expect(statSync(out("b.xml")).mode & 0o777).toBe(0o600);
  expect(readFileSync(out("b.xml"), "utf8")).toContain(">2</vcpu>");
});

test("a file of the same length and another text is written", () => {
  const text = readFileSync(out("c.xml"), "utf8");
  writeFileSync(out("c.xml"), text.replace(">c<", ">x<"));
  expect(generate().stderr).toBe("out: 1 written, 2 unchanged, 0 failed\n");
  expect(readFileSync(out("c.xml"), "utf8")).toBe(text);
});

describe("bad ones keep no others from being written", () => {
  beforeAll(() => {
    genxml.write("mixed/bad.json", '{ "name": "bad" }');
    genxml.write("mixed/good.json", guest("good"));
    genxml.write("mixed/one.json", guest("one", nic));
    genxml.write("mixed/two.json", guest("two", nic));
    mkdirSync(join(genxml.folder, "mixed-out/taken.xml"), { recursive: true });
    genxml.write("mixed/taken.json", guest("taken"));
  });
  const run = (...more: readonly string[]) => genxml.run(["mixed", "-o", "mixed-out", ...more]);

  test("what failed is said at the end, with those that clash and those that cannot be written", () => {
    const { status, stderr } = run();
    expect(status).toBe(1);
    expect(stderr.trim().split("\n").slice(-2)).toEqual([
      "mixed-out: 1 written, 0 unchanged, 4 failed",
      "failed: mixed/bad.json, mixed/one.json, mixed/two.json, mixed/taken.json",
    ]);
    expect(stderr).toContain(
      "genxml: error: cannot write mixed-out/taken.xml: it is a directory\nhint: name a file, such as one in this directory\n",
    );
    expect(readdirSync(join(genxml.folder, "mixed-out")).sort()).toEqual(["good.xml", "taken.xml"]);
  });

  test("--json says the same to programs, beside the products", () => {
    const { status, stdout, stderr } = run("--json");
    expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
    const report = JSON.parse(stderr) as { readonly issues: readonly object[] };
    expect({ ...report, issues: report.issues.length }).toEqual({
      files: 5,
      written: 0,
      unchanged: 1,
      failed: ["mixed/bad.json", "mixed/one.json", "mixed/two.json", "mixed/taken.json"],
      errors: 4,
      warnings: 0,
      issues: 4,
    });
  });

  test("a directory that is a file is reported once", () => {
    const { status, stderr } = genxml.run(["guests", "-o", "guests/a.json"]);
    expect(status).toBe(1);
    expect(stderr.match(/cannot create directory guests\/a\.json: it is a file\n/g)).toHaveLength(1);
  });
});

test("a warning is said beside the XML, and with --strict instead of it", () => {
  genxml.write("q.json", guest("q", nic.replace(" }]", ', "queues": 4 }]')));
  const { status, stdout, stderr } = genxml.run(["q.json"]);
  expect({ status, lines: stderr.split("\n").length }).toEqual({ status: 0, lines: 2 });
  expect(stdout).toMatch(/^<domain /);
  expect(genxml.run(["q.json", "--strict"])).toMatchObject({ status: 1, stdout: "" });
  expect(genxml.run(["q.json", "--quiet"])).toMatchObject({ status: 0, stderr: "" });
});

test("a thousand guests: each written once, nothing but the sum on a pipe", () => {
  for (let i = 0; i < 1000; i += 1)
    genxml.write(
      `thousand/g${i}.json`,
      guest(
        `g${i}`,
        nic.replace(
          "00:00:01",
          `00:${(i >> 8).toString(16).padStart(2, "0")}:${(i & 255).toString(16).padStart(2, "0")}`,
        ),
      ),
    );
  expect(genxml.run(["thousand", "-o", "thousand-out"])).toEqual({
    status: 0,
    stdout: "",
    stderr: "thousand-out: 1000 written, 0 unchanged, 0 failed\n",
  });
  expect(readdirSync(join(genxml.folder, "thousand-out"))).toHaveLength(1000);
});
