import { expect, test } from "@jest/globals";
import { withDigest } from "../../../src/kernel/facts/rule-set.ts";

const RULES = [
  { rule: "ip saddr 192.0.2.1 accept", comment: "one" },
  { rule: "drop", comment: "nothing else" },
];
const comments = (text: string): readonly string[] => withDigest(RULES, text).map(({ comment }) => comment);

test("the digest is FNV-1a of 32 bits, in the first comment", () => {
  // Test vectors of RFC 9923, appendix C.
  expect(comments("")).toEqual(["one; rules 811c9dc5", "nothing else"]);
  expect(comments("a")).toEqual(["one; rules e40c292c", "nothing else"]);
  expect(comments("foobar")).toEqual(["one; rules bf9cf968", "nothing else"]);
});

test("the rules themselves stay, and no rules have no digest", () => {
  expect(withDigest(RULES, "x").map(({ rule }) => rule)).toEqual(RULES.map(({ rule }) => rule));
  expect(withDigest([], "x")).toEqual([]);
});
