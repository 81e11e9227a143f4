import { expect, test } from "@jest/globals";
import { parseProfile } from "../../src/profile/parse.ts";
import fc from "../support/fast-check.ts";
import { mutated } from "../support/mutated.ts";
import { writtenProfiles } from "../support/written-profiles.ts";

// A comment takes the way of jsonc-parser, plain JSON that of JSON.parse.
const COMMENT = "\n// the end";

test("plain JSON reads as JSON with comments does, errors and their positions included", () => {
  const keys = ["name", "interfaces", "addresses", "vlan", "disks", "source", "vcpus", "__proto__"];
  fc.assert(
    fc.property(fc.oneof(writtenProfiles, mutated(writtenProfiles, keys)), (written) => {
      const text = JSON.stringify(written, null, 1);
      expect(parseProfile(text)).toEqual(parseProfile(`${text}${COMMENT}`));
    }),
  );
});

test.each([
  ["a key twice", '{ "name": "a", "memory": "1 GiB", "name": "b" }', "duplicate-key"],
  ["a key twice, once escaped", '{ "name": "a", "n\\u0061me": "b", "memory": "1 GiB" }', "duplicate-key"],
  ["one that a string only looks like", '{ "name": "a", "memory": "1 GiB", "title": "\\"name\\": 1" }', null],
  ["a comment", '{ "name": "a", "memory": "1 GiB" } // a', null],
  ["a reserved name", '{ "name": "a", "memory": "1 GiB", "__proto__": {} }', "unknown-key"],
])("%s", (_, text, code) => {
  const read = parseProfile(text);
  expect(read.ok ? null : read.problems.map((issue) => issue.code)).toEqual(code === null ? null : [code]);
});
