import { expect, test } from "@jest/globals";
import { commandText } from "../../../../src/kernel/facts/command.ts";
import { guardRules, guardRulesFact } from "../../../../src/kernel/facts/filter/guard-rules.ts";
import { withDigest } from "../../../../src/kernel/facts/filter/rule-set.ts";
import { sourceCheck, sourceCheckFact } from "../../../../src/kernel/facts/filter/source-check.ts";

/** FNV-1a of 32 bits (RFC 9923): it only has to tell versions of a text apart. */
const digestOf = (text: string): string => {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(text)) hash = Math.imul(hash ^ byte, 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, "0");
};

test("the digest is FNV-1a", () => {
  // Test vectors of RFC 9923, appendix C.
  expect(["", "a", "foobar"].map(digestOf)).toEqual(["811c9dc5", "e40c292c", "bf9cf968"]);
});

test.each([
  ["source-check.ts", sourceCheck.add([sourceCheckFact])],
  ["guard-rules.ts", guardRules.add([guardRulesFact])],
])("the digest in %s is that of its rules", (_, commands) => {
  const text = commands.map(commandText).join("\n");
  const [written = "", digest] = /; rules ([0-9a-f]{8})/.exec(text) ?? [];
  expect(digest).toBe(digestOf(text.replace(written, "")));
});

test("the digest is in the first comment", () => {
  const rules = [
    { rule: "ip saddr 192.0.2.1 accept", comment: "one" },
    { rule: "drop", comment: "nothing else" },
  ] as const;
  expect(withDigest(rules, "811c9dc5")).toEqual([
    { rule: "ip saddr 192.0.2.1 accept", comment: "one; rules 811c9dc5" },
    { rule: "drop", comment: "nothing else" },
  ]);
});
