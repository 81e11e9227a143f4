import { readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import { renderDomain } from "../support/templates.ts";
import { runHere } from "../lab/lab.ts";
import fc from "../support/fast-check.ts";
import { profileOf, xmlOf } from "../support/profiles.ts";

/** What libxml2, with which libvirt reads XML, takes it for. */
const canonical = (xml: string): string => {
  const { status, stdout, stderr } = runHere("xmllint", ["--c14n", "-"], xml);
  if (status !== 0) throw new Error(stderr);
  return stdout;
};
const DUMPED = readFileSync("fixtures/cases/template-existing-guest/dumpxml.xml", "utf8");

describe("what a profile does not speak of survives", () => {
  // The profile speaks of name and memory alone, and says of them what is there.
  test("in canonical XML, white space and all", () => {
    const xml = renderDomain(profileOf({ name: "old1", memory: "2 GiB" }), DUMPED);
    expect(canonical(xml)).toBe(canonical(DUMPED));
  });

  const head = "<name>t</name><uuid>11111111-2222-4333-8444-555555555555</uuid><memory>1048576</memory>";
  const rest = `${head}<os><type machine="pc">hvm</type></os><devices/>`;
  test.each([
    ["an attribute's line break", `<domain type='kvm'>${rest}<x a='1&#10;2&#9;3&#13;4  5'/></domain>`],
    [
      "mixed content",
      `<domain type='kvm'>${rest}<x>a <b/> c\n<!-- d --><?e f?><![CDATA[<&]]>]]&gt;</x></domain>`,
    ],
    [
      "prefixes that hide others",
      `<domain type='kvm' xmlns:a='urn:1'>${rest}<a:x><y xmlns:a='urn:2' a:z='1'/></a:x></domain>`,
    ],
    ["a default namespace", `<domain type='kvm'>${rest}<x xmlns='urn:1'><y xmlns=''/></x></domain>`],
    ["another's memory", `<domain type='kvm'><memory xmlns='urn:1'>5</memory>${rest}</domain>`],
    ["what stands around the root", `<!-- a -->\n<?b c?>\n<domain type='kvm'>${rest}</domain>\n<!-- d -->\n`],
    [
      "Windows line ends and a byte order mark",
      `\uFEFF<?xml version='1.0'?>\r\n<domain type='kvm'>\r\n ${rest}<x>\r\n</x>\r\n</domain>\r\n`,
    ],
    [
      "characters beyond the BMP",
      `<domain type='kvm'>${rest}<x a='\u{1F600}'>\u{1F600}&#x1F600;</x></domain>`,
    ],
  ])("%s", (_, template) => {
    const xml = renderDomain(profileOf({ name: "t", memory: "1 GiB" }), template);
    expect(canonical(xml)).toBe(canonical(template));
  });
});

test("whatever text a profile holds, xmllint reads it back", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", minLength: 1 }), (text) => {
      fc.pre(!/[\p{Cc}\p{Cs}\uFFFE\uFFFF]/u.test(text));
      const xml = xmlOf({
        name: "t",
        memory: "1 GiB",
        title: text,
        boot: { kernel: `/${text}`, cmdline: text },
      });
      const { stdout } = runHere("xmllint", ["--xpath", "string(/domain/os/cmdline)", "-"], xml);
      expect(stdout.replace(/\n$/, "")).toBe(text);
    }),
    { numRuns: 25 },
  );
});
