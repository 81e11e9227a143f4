import { expect, test } from "@jest/globals";
import { lstatSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { replaceFiles } from "../../src/files/replace-files.ts";
import { inFolder } from "../support/guestnet.ts";

test("replaces all files, and a link stays one", () => {
  inFolder((folder) => {
    const [a, b, link] = ["a", "b", "link"].map((name) => join(folder, name)) as [string, string, string];
    writeFileSync(a, "1");
    writeFileSync(b, "2");
    symlinkSync("b", link);
    replaceFiles(
      new Map([
        [a, "one"],
        [link, "two"],
      ]),
    );
    expect([readFileSync(a, "utf8"), readFileSync(b, "utf8")]).toEqual(["one", "two"]);
    expect(lstatSync(link).isSymbolicLink()).toBe(true);
    expect(readdirSync(folder)).toEqual(["a", "b", "link"]);
  });
});

test("replaces none if one cannot be written, and leaves nothing behind", () => {
  inFolder((folder) => {
    const a = join(folder, "a");
    writeFileSync(a, "1");
    const missing = join(folder, "none", "b");
    expect(() => {
      replaceFiles(
        new Map([
          [a, "one"],
          [missing, "two"],
        ]),
      );
    }).toThrow();
    expect(readFileSync(a, "utf8")).toBe("1");
    expect(readdirSync(folder)).toEqual(["a"]);
  });
});
