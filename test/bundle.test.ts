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
  test("is under 170 kB", () => {
    expect(statSync(HOOK).size).toBeLessThan(170_000);
  });

  // What each costs at every start of a guest is measured in docs/explanation/performance.md.
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

  test("loads nothing of Node's before it knows that it runs there", () => {
    expect(text).not.toMatch(/\brequire\("/);
    expect(text.match(/\brequire\b/g)).toHaveLength(1);
  });

  test("uses nothing that QuickJS has not, but in the part for Node", () => {
    const parts = text
      .split(/^\/\/ (?=(?:src|hooks)\/)/m)
      .filter((part) => !/^hooks\/(engines|main)/.test(part));
    expect(parts.length).toBeGreaterThan(50);
    const used =
      /\b(Buffer|URL|TextDecoder|TextEncoder|process|setTimeout|performance|structuredClone)\b[.(]/;
    expect(parts.slice(1).flatMap((part) => used.exec(part)?.[0] ?? [])).toEqual([]);
  });

  // They share files with what it needs: esbuild leaves them out only while their declarations call nothing.
  test.each(["writtenPort", "writtenRouted", "accessSegment", "readUnmanaged", "NATIVE_VLAN"])(
    "has no %s, which only genxml and guestnet use",
    (name) => {
      expect(text).not.toContain(name);
    },
  );

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

  test("is plain ASCII: with any other character Node.js takes a millisecond more for all of it", () => {
    expect(/[^\n\x20-\x7e]/.exec(text)).toBeNull();
  });

  test("is not minified: root runs it, so an administrator must be able to read it", () => {
    expect(Math.max(...text.split("\n").map((line) => line.length))).toBeLessThan(400);
    expect(text).toContain("// src/hook/handle.ts");
  });

  test("has a heading before each part, and its filter is at most 80 lines", () => {
    const lines = head.split("\n");
    const headings = lines.flatMap((line, index) => (line.startsWith("# ==== ") ? [{ line, index }] : []));
    expect(headings.map(({ line }) => line.slice(7, 10))).toEqual(["1. ", "2. ", "3. ", "4. ", "5. "]);
    expect(headings[1]?.index ?? NaN).toBeLessThanOrEqual(81);
  });

  // The shell never gets to the JavaScript: it reads line by line, and each of its parts exits.
  test.each(["sh", "bash --posix"])("is valid for %s down to the JavaScript", (shell) => {
    const [file = "", ...args] = shell.split(" ");
    const ran = runProgram(file, [...args, "-n"], { input: head.replace(/\*\/\n$/, "") });
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
