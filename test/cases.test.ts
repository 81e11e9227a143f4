import { describe, expect, test } from "@jest/globals";
import { handle } from "../src/hook/handle.ts";
import { parseDomain } from "../src/libvirt/domain/parse-domain.ts";
import { checkCompleted } from "../src/libvirt/domain/check-completed.ts";
import { scanXml } from "../src/xml/scan.ts";
import { readDocument } from "../src/xml/read-document.ts";
import { byPosition } from "../src/values/issue.ts";
import { renderIssue, type Severity } from "../src/values/issue.ts";
import {
  type LibvirtVersion,
  NATIVE_VLAN,
  parseLibvirtVersion,
  PORTABLE,
} from "../src/values/libvirt-version.ts";
import { isBridged, isRouted } from "../src/guest/nic.ts";
import { readProfile } from "../src/profile/parse.ts";
import { parseSite } from "../src/site/site.ts";
import { caseHost } from "./support/case-host.ts";
import { type Case, cases } from "./support/cases.ts";
import { hostSide } from "./support/profiles.ts";
import { builtInText, completed, renderDomain } from "./support/templates.ts";

/** One life of the guest on the fake kernel: every line that each operation of the hook runs, or what it refuses with. */
const live = async (xml: string, host: string | null, libvirt: LibvirtVersion): Promise<string> => {
  const kernel = caseHost(host);
  const before = kernel.print();
  const parsed = parseDomain(scanXml(xml));
  if (!parsed.ok) return `${parsed.problems.join("\n")}\n`;
  const out: string[] = [];
  const operate = async (operation: "prepare" | "start" | "reconnect" | "release"): Promise<boolean> => {
    kernel.log.length = 0;
    const { wrong } = await handle(operation, parsed.value, kernel);
    out.push(`# ${operation}`, ...kernel.log, ...wrong.map((reason) => `refused: ${reason}`));
    return wrong.length === 0;
  };
  let good = await operate("prepare");
  if (good) {
    for (const nic of parsed.value.nics) {
      if (!isBridged(nic)) continue;
      kernel.enslave(nic.tap, nic.attachment.bridge);
      if (libvirt >= NATIVE_VLAN) kernel.setupVlans(nic.tap, nic.attachment);
    }
    good = await operate("start");
    if (good) await operate("reconnect");
  }
  for (const nic of parsed.value.nics) {
    if (!isRouted(nic)) kernel.devices.delete(nic.tap);
  }
  await operate("release");
  for (const name of kernel.sysctls.keys()) {
    if (parsed.value.nics.some((nic) => name.includes(`/conf/${nic.tap}/`))) kernel.sysctls.delete(name);
  }
  // The rule set is static: it stays, for the next routed guest.
  kernel.sourceCheck = null;
  expect(kernel.print()).toBe(before);
  return `${out.join("\n")}\n`;
};

/** What genxml says of a case: errors and warnings of its profile, its template, and of the two together. */
const judge = (one: Case) => {
  const host = one.read("host.json");
  const site = host === null ? null : parseSite(host);
  const profile =
    site !== null && !site.ok ? site : readProfile(one.read("guest.json") ?? "", site?.value ?? null);
  if (!profile.ok) {
    const file = site !== null && !site.ok ? "host.json" : "guest.json";
    return {
      profile: null,
      template: "",
      errors: profile.problems.map((issue) => renderIssue(file, issue)),
    };
  }
  const { profile: read, document, warnings } = profile.value;
  const template = read.template === null ? builtInText(read) : (one.read(read.template) ?? "");
  const xml = readDocument(template, "domain");
  if (!xml.ok) {
    const broken = (at: (typeof xml.problems)[number]): string =>
      renderIssue(read.template ?? "", { ...at, severity: "error", code: "template", path: [] });
    return { profile: null, template, errors: xml.problems.map(broken) };
  }
  const all = [
    ...warnings,
    ...checkCompleted(completed(read, template), read).map(({ severity, code, path, message }) => ({
      ...document.issue(code, path, message),
      severity,
    })),
  ].sort(byPosition);
  const of = (severity: Severity): readonly string[] =>
    all.filter((issue) => issue.severity === severity).map((issue) => renderIssue("guest.json", issue));
  return { profile: read, template, errors: of("error"), warnings: of("warning") };
};

describe.each(cases().map((one): [string, Case] => [one.name, one]))("case %s", (_, one) => {
  const { profile, template, errors, warnings = [] } = judge(one);
  const libvirt = parseLibvirtVersion(one.read("libvirt.txt")?.trim() ?? "8.0") ?? PORTABLE;

  if (one.read("issues.txt") === null) {
    test("becomes this domain XML", () => {
      if (profile === null || errors.length > 0) throw new Error(errors.join("\n"));
      const xml = renderDomain(profile, template, libvirt);
      expect(xml).toBe(one.golden("domain.xml", xml));
    });

    test("has this that is probably not meant", () => {
      const text = warnings.map((line) => `${line}\n`).join("");
      expect(text).toBe(text === "" ? (one.read("warnings.txt") ?? "") : one.golden("warnings.txt", text));
    });

    test("reads back from its XML with every NIC", () => {
      const live = parseDomain(scanXml(one.read("domain.xml") ?? ""));
      const nics = profile === null ? [] : hostSide(profile);
      const named = new Set(nics.map(({ mac }) => mac));
      // A template may have brought NICs of its own.
      expect(live.ok && live.value.nics.filter(({ mac }) => named.has(mac))).toEqual(nics);
    });

    test("is put on the host by these lines, and taken off again", async () => {
      const lines = await live(one.read("domain.xml") ?? "", one.read("host.txt"), libvirt);
      expect(lines).toBe(one.golden("lines.txt", lines));
    });
  } else {
    test("is refused with all of these", () => {
      const text = `${errors.join("\n")}\n`;
      expect(errors).not.toEqual([]);
      expect(text).toBe(one.golden("issues.txt", text));
    });
  }
});
