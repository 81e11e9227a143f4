import { expect, test } from "@jest/globals";
import { parseProfile } from "../../src/profile/parse.ts";

const issuesOf = (text: string) => {
  const parsed = parseProfile(text);
  return parsed.ok ? [] : parsed.problems;
};

test.each([
  ["lists", "[".repeat(100_000)],
  ["objects", '{"a":'.repeat(100_000)],
  ["a list that ends", `{ "name": ${"[".repeat(5_000)}${"]".repeat(5_000)} }`],
])("a text that is nested too deeply is an error where it becomes so: %s", (_, text) => {
  const [first, ...others] = issuesOf(text);
  expect(others).toEqual([]);
  expect(first).toMatchObject({ code: "json-syntax", message: "must be nested at most 100 levels deep" });
  const before = text.slice(0, (first?.position?.column ?? 0) - 1);
  expect(before.match(/[[{]/g)).toHaveLength(100);
});

test("brackets in texts and comments nest nothing", () => {
  const brackets = "[{".repeat(200);
  const text = `// ${brackets}\n{ /* ${brackets} */ "name": "a", "memory": "1 GiB", "title": "\\"${brackets}" }`;
  expect(issuesOf(text)).toEqual([]);
});
