import { describe, expect, test } from "@jest/globals";
import { suggestRules } from "../../src/import/to-profile/bridge-map.ts";
import { importDomain } from "../../src/import/domain/import-domain.ts";
import { toJson, renderMarkdown } from "../../src/import/report/render.ts";
import { renderDomain } from "../support/templates.ts";
import { parseXml } from "../../src/xml/parse.ts";
import { plainTree } from "../support/plain-tree.ts";
import { renderIssue } from "../../src/values/issue.ts";
import { PORTABLE } from "../../src/values/libvirt-version.ts";
import { type Case, domainCases } from "../support/cases.ts";
import { toMap } from "../support/bridge-map.ts";

describe.each(domainCases().map((one): [string, Case] => [one.name, one]))("the domain %s", (_, one) => {
  const text = one.read("guest.xml") ?? "";
  const map = toMap(one.read("bridge-map.txt"));
  const result = importDomain("guest.xml", text, { map }, (name) => `${name}.template.xml`);

  if (one.read("issues.txt") !== null) {
    test("is refused with all of these", () => {
      const issues = result.ok ? [] : result.problems.map((issue) => `${renderIssue("guest.xml", issue)}\n`);
      expect(issues).not.toEqual([]);
      expect(issues.join("")).toBe(one.golden("issues.txt", issues.join("")));
    });
    return;
  }

  test("becomes this profile and report, without its passwords", () => {
    if (!result.ok)
      throw new Error(result.problems.map((issue) => renderIssue("guest.xml", issue)).join("\n"));
    const { value } = result;
    const report = renderMarkdown(value, suggestRules(value.unmapped));
    expect(value.text).toBe(one.golden("guest.json", value.text));
    expect(report).toBe(one.golden("report.md", report));
    expect(report + value.text + JSON.stringify(toJson(value))).not.toContain("hunter2");
  });
});

/** All of a domain but what an import moves, and the white space around texts. */
const unmoved = (xml: string, moved: readonly string[]): string => {
  const root = parseXml(xml);
  if (root === null) throw new Error("no XML");
  return JSON.stringify(
    plainTree(root, ({ name }) => moved.includes(name)),
    (_, value: unknown) => (typeof value === "string" ? value.trim() : value),
  );
};

test("an empty title is none", () => {
  const text =
    domainCases()
      .find(({ name }) => name === "xen-pv")
      ?.read("guest.xml") ?? "";
  const titled = text.replace("</name>", "</name><title/>");
  const result = importDomain("guest.xml", titled, { map: toMap(null) }, (name) => `${name}.template.xml`);
  expect(result.ok && result.value.profile).toMatchObject({ name: "wiki" });
  expect(result.ok && "title" in result.value.profile).toBe(false);
});

test("a KVM guest keeps all that --bridge-map does not move: its XML is the template", () => {
  const one = domainCases().find(({ name }) => name === "kvm-bridge-per-vlan");
  const text = one?.read("guest.xml") ?? "";
  const result = importDomain(
    "guest.xml",
    text,
    { map: toMap(one?.read("bridge-map.txt") ?? null) },
    () => "t.xml",
  );
  if (one === undefined || !result.ok) throw new Error("refused");
  expect(result.value.template).toBe(text);
  const xml = renderDomain(result.value.read.profile, text, PORTABLE);
  expect(xml).toBe(one.golden("domain.xml", xml));
  const moved = ["interface", "metadata"];
  expect(unmoved(xml, moved)).toBe(unmoved(text, moved));
  expect(xml).toContain("<!-- the shop's own network -->");
  expect(xml).toContain("inventory:owner");
});

test("the same document with no rule for it is left as it is", () => {
  const text =
    domainCases()
      .find(({ name }) => name === "kvm-bridge-per-vlan")
      ?.read("guest.xml") ?? "";
  const result = importDomain("guest.xml", text, { map: [] }, () => "t.xml");
  if (!result.ok) throw new Error("refused");
  expect(result.value.unmapped).toEqual(["br40", "br50", "br-storage"]);
  const xml = renderDomain(result.value.read.profile, text, PORTABLE);
  expect(unmoved(xml, [])).toBe(unmoved(text, []));
});
