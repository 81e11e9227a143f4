import { describe, expect, test } from "@jest/globals";
import { suggestRules } from "../../src/import/bridge-map.ts";
import { importXen } from "../../src/import/import-xen.ts";
import { renderMarkdown } from "../../src/import/report-markdown.ts";
import { toJson } from "../../src/import/report-json.ts";
import { renderIssue } from "../../src/model/issue.ts";
import { parseXen } from "../../src/xen/parse.ts";
import { toMap } from "../support/bridge-map.ts";
import { type Case, xenCases } from "../support/cases.ts";

describe.each(xenCases().map((one): [string, Case] => [one.name, one]))("the Xen file %s", (_, one) => {
  const file = one.files.find((name) => name.endsWith(".cfg")) ?? "";
  const text = one.read(file) ?? "";
  const result = importXen(file, text, { map: toMap(one.read("bridge-map.txt")), syntax: null });

  if (one.read("issues.txt") !== null) {
    test("is refused with all of these", () => {
      const issues = result.ok ? [] : result.problems.map((issue) => `${renderIssue(file, issue)}\n`);
      expect(issues).not.toEqual([]);
      expect(issues.join("")).toBe(one.golden("issues.txt", issues.join("")));
    });
    return;
  }

  test("becomes this profile", () => {
    if (!result.ok) throw new Error(result.problems.map((issue) => renderIssue(file, issue)).join("\n"));
    expect(result.value.text).toBe(one.golden("guest.json", result.value.text));
  });

  test("with this report", () => {
    if (!result.ok) throw new Error("refused");
    const report = renderMarkdown(result.value, suggestRules(result.value.unmapped));
    expect(report).toBe(one.golden("report.md", report));
  });

  test("accounts for every assignment in its line, and shows no password", () => {
    const parsed = parseXen(text);
    if (!result.ok || !parsed.ok) throw new Error("refused");
    const lines = new Set(result.value.entries.map(({ at, path }) => `${at.line} ${String(path[0])}`));
    const keys = new Set(result.value.entries.map(({ path }) => String(path[0])));
    for (const { key, at, value } of parsed.value.assignments) {
      expect({ key, found: keys.has(key) }).toEqual({ key, found: true });
      if (value.kind !== "list") expect([...lines]).toContain(`${at.line} ${key}`);
    }
    const all = `${renderMarkdown(result.value, "")}${JSON.stringify(toJson(result.value))}${result.value.text}`;
    expect(all).not.toContain("hunter2");
  });
});
