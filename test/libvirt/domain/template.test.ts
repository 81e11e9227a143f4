import { expect, test } from "@jest/globals";
import fc from "../../support/fast-check.ts";
import { renderDomain } from "../../support/templates.ts";
import { readDocument } from "../../../src/xml/read-document.ts";
import ours from "../../../templates/domain-q35.xml";
import { parseLibvirtVersion, PORTABLE } from "../../../src/values/libvirt-version.ts";
import { parseSite } from "../../../src/site/site.ts";
import { parseProfile } from "../../../src/profile/parse.ts";
import { cases } from "../../support/cases.ts";
import { profileOf, xmlOf } from "../../support/profiles.ts";
import { writtenProfiles } from "../../support/written-profiles.ts";

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
