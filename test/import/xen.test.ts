import { describe, expect, test } from "@jest/globals";
import { suggestRules } from "../../src/import/to-profile/bridge-map.ts";
import { importXen } from "../../src/import/xen/import-xen.ts";
import { renderMarkdown, toJson } from "../../src/import/report/render.ts";
import { renderIssue } from "../../src/values/issue.ts";
import { parseXen } from "../../src/import/xen/syntax/detect.ts";
import { toMap } from "../support/bridge-map.ts";
import { type Case, xenCases } from "../support/cases.ts";

test.each([
  ["'bridge=br1', 'mac=00:16:3e:00:00:01'", 1],
  ["'', 'mac=00:16:3e:00:00:01', 'bridge=br1,model=e1000'", 1],
  ["'bridge=br1,mac=00:16:3e:00:00:02', 'mac=00:16:3e:00:00:01'", 0],
  ["'bridge=br1', 'bridge=br2'", 0],
])("vif = [ %s ]: %d NIC that is rather half of one", (vifs, count) => {
  const text = `name = "a"\nbootloader = "pygrub"\nmemory = 64\nvif = [ ${vifs} ]\n`;
  const result = importXen("a.cfg", text, { map: [], syntax: null });
  const found = result.ok
    ? result.value.entries.filter(({ text: why }) => why.startsWith("a separate NIC"))
    : [];
  expect(found).toHaveLength(count);
});

test.each([
  ["xl", "destroy"],
  ["xm", "restart"],
] as const)("without on_crash a guest of %s gets %s, as there", (syntax, expected) => {
  const result = importXen("a.cfg", 'name = "a"\nmemory = 64\n', { map: [], syntax });
  expect(result.ok && result.value.profile.onCrash).toBe(expected);
});

test.each([
  ['"0-7,^2-3"', "0-7,^2,^3"],
  ['"0-7,^3-2"', undefined],
  ['"^1,0-3"', undefined],
  ['"1,^1"', undefined],
])("cpus = %s: what libvirt takes is taken, and nothing else", (cpus, pinning) => {
  const result = importXen("a.cfg", `name = "a"\nmemory = 64\nvcpus = 2\ncpus = ${cpus}\n`, {
    map: [],
    syntax: "xl",
  });
  if (!result.ok) throw new Error(result.problems.map((issue) => renderIssue("a.cfg", issue)).join("\n"));
  expect(result.value.profile.vcpus).toEqual(pinning === undefined ? 2 : { count: 2, pinning });
});

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
