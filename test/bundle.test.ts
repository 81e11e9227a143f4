import { describe, expect, test } from "@jest/globals";
import { copyFileSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runProgram } from "./support/run-program.ts";

const HOOK = "dist/hooks/qemu";
const text = readFileSync(HOOK, "utf8");
const head = text.slice(0, text.indexOf("\n*/\n") + 1);
const meta = JSON.parse(readFileSync("dist/hook.meta.json", "utf8")) as { readonly inputs: object };
const inputs = Object.keys(meta.inputs);
const { version } = JSON.parse(readFileSync("package.json", "utf8")) as { readonly version: string };

describe("the hook's bundle", () => {
  test("is under 250 kB", () => {
    expect(statSync(HOOK).size).toBeLessThan(250_000);
  });

  // What each costs at every start of a guest is measured in docs/performance.md.
  test.each([
    ...[
      "execa",
      "saxes",
      "fast-xml-parser",
      "xmlbuilder2",
      "@oozcitak",
      "commander",
      "valibot",
      "jsonc-parser",
    ],
  ])("has no %s in it", (name) => {
    expect(inputs.filter((input) => input.includes(`node_modules/${name}/`))).toEqual([]);
  });

  test("loads files and nothing else of Node at its start, and what starts processes when it has to start one", () => {
    const loads = (pattern: RegExp): ReadonlySet<string | undefined> =>
      new Set([...text.matchAll(pattern)].map(([, name]) => name));
    expect(loads(/^var \w+ = require\("(.*)"\);$/gm)).toEqual(new Set(["node:fs", "node:vm"]));
    expect(loads(/require\("(.*?)"\)/g)).toEqual(new Set(["node:fs", "node:vm", "node:child_process"]));
  });

  test("has nothing of the programs in it", () => {
    expect(inputs.filter((input) => /^src\/(commands|profile|text)\//.test(input))).toEqual([]);
  });
});

describe("the hook as a file", () => {
  test("is a shell script that says its version and can be executed", () => {
    expect(text.startsWith("#!/bin/sh\n")).toBe(true);
    expect(text.split("\n").slice(0, 5).join("\n")).toContain(`guestnet ${version}`);
    expect(statSync(HOOK).mode & 0o777).toBe(0o755);
  });

  test("has no placeholder left", () => {
    expect(head).not.toMatch(/@[A-Z]+@/);
  });

  test("is not minified: root runs it, so an administrator must be able to read it", () => {
    expect(Math.max(...text.split("\n").map((line) => line.length))).toBeLessThan(400);
    expect(text).toContain("// src/hook/handle.ts");
  });

  // The shell never gets to the JavaScript behind the head: it reads line by line, and the head exits.
  test("is valid as shell down to the line where it exits", () => {
    expect(head.trimEnd().endsWith("\nexit $status")).toBe(true);
    const ran = runProgram("sh", ["-n"], { input: head });
    expect({ status: ran.status, stderr: ran.stderr }).toEqual({ status: 0, stderr: "" });
  });

  test("is valid as JavaScript", () => {
    const folder = mkdtempSync(join(tmpdir(), "guestnet-hook-"));
    copyFileSync(HOOK, join(folder, "qemu.cjs"));
    const ran = runProgram(process.execPath, ["--check", join(folder, "qemu.cjs")]);
    rmSync(folder, { recursive: true });
    expect({ status: ran.status, stderr: ran.stderr }).toEqual({ status: 0, stderr: "" });
  });
});

// Its DOM takes 30 ms to load, which only those take that print XML.
test.each(["commands/check", "commands/import", "guestnet/status", "guestnet/apply", "guestnet/doctor"])(
  "dist/%s.js does without xmlbuilder2",
  (name) => {
    expect(readFileSync(`dist/${name}.js`, "utf8")).not.toContain("node_modules/xmlbuilder2/");
  },
);
