import { describe, expect, test } from "@jest/globals";
import { readFileSync } from "node:fs";
import fc from "../../support/fast-check.ts";
import { renderDomain } from "../../../src/libvirt/domain/complete-template.ts";
import { readDocument } from "../../../src/xml/read-document.ts";
import ours from "../../../templates/domain-q35.xml";
import { parseLibvirtVersion, PORTABLE } from "../../../src/values/libvirt-version.ts";
import { parseSite } from "../../../src/site/site.ts";
import { parseProfile } from "../../../src/profile/parse.ts";
import { cases } from "../../support/cases.ts";
import { profileOf, xmlOf } from "../../support/profiles.ts";
import { writtenProfiles } from "../../support/written.ts";
import { runProgram } from "../../support/run-program.ts";

const canonical = (xml: string): string => {
  const { status, stdout, stderr } = runProgram("xmllint", ["--c14n", "-"], { input: xml });
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

test("a guest's own XML is a template that changes nothing any more", () => {
  fc.assert(
    fc.property(writtenProfiles, (written) => {
      const once = xmlOf(written);
      expect(renderDomain(profileOf(written), once)).toBe(once);
    }),
    { numRuns: 50 },
  );
});

const good = cases().filter((one) => one.read("issues.txt") === null);
test.each(good.map((one) => [one.name, one] as const))("nor does that of the case %s", (_, one) => {
  const xml = one.read("domain.xml") ?? "";
  const host = parseSite(one.read("host.json") ?? '{ "bridges": {} }');
  const site = host.ok && one.read("host.json") !== null ? host.value : null;
  const profile = parseProfile(one.read("guest.json") ?? "", site);
  const libvirt = parseLibvirtVersion(one.read("libvirt.txt")?.trim() ?? "") ?? PORTABLE;
  expect(profile.ok && renderDomain(profile.value, xml, libvirt)).toBe(xml);
});

test("our own template is well-formed and complete", () => {
  expect(readDocument(ours, "domain").ok).toBe(true);
});

test.each([
  "<a",
  "<domain>&x;</domain>",
  "<domain a=1/>",
  "<domain/><domain/>",
  "<domain>\u0001</domain>",
  "x",
  "<domain>&#0;</domain>",
  '<?xml version="1.0" encoding="latin1"?><domain/>',
])("%j is refused", (text) => {
  const read = readDocument(text, "domain");
  expect(read.ok).toBe(false);
  if (!read.ok) expect(read.problems[0]?.position.line).toBe(1);
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
      const { stdout } = runProgram("xmllint", ["--xpath", "string(/domain/os/cmdline)", "-"], {
        input: xml,
      });
      expect(stdout.replace(/\n$/, "")).toBe(text);
    }),
    { numRuns: 25 },
  );
});
