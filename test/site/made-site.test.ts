import { expect, test } from "@jest/globals";
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { inFolder } from "../support/guestnet.ts";
import { runProgram } from "../support/run-program.ts";

const make = (folder: string): void => {
  const made = runProgram(process.execPath, [resolve("fixtures/site/make.mjs"), folder]);
  expect(made).toMatchObject({ status: 0, stderr: "" });
};

const textsIn = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => /hosts|\.json$/.test(file))
    .sort()
    .map((file) => `${file} ${readFileSync(join(folder, file), "utf8")}`);

test("the site of 3 hosts and 300 guests has no errors, warnings or conflicts", () => {
  inFolder((folder) => {
    make(folder);
    const ran = runProgram(process.execPath, [resolve("dist/genxml.js"), "check", "--strict", folder]);
    expect([ran.stderr, ran.status]).toEqual(["300 profiles: 0 errors, 0 warnings\n", 0]);
  });
});

test("it is always the same", () => {
  inFolder((folder) => {
    const [one, two] = [join(folder, "1"), join(folder, "2")];
    for (const site of [one, two]) make(site);
    expect(textsIn(one)).toHaveLength(304);
    expect(textsIn(one)).toEqual(textsIn(two));
  });
});
