import { describe, expect, test } from "@jest/globals";
import { arrange } from "../../src/commands/genxml/issue-report.ts";
import { checkFleet } from "../../src/fleet/check.ts";
import type { FleetGuest, FleetHost } from "../../src/fleet/guest.ts";
import { readInherited } from "../../src/libvirt/domain/read-inherited.ts";
import ours from "../../templates/domain-q35.xml";
import { completed } from "../support/templates.ts";
import { renderIssue } from "../../src/values/issue.ts";
import { readProfile } from "../../src/profile/parse.ts";
import { readSite } from "../../src/site/site.ts";
import { type Case, fleets } from "../support/cases.ts";

/** The host.json of a folder, if it has one; it is good by itself. */
const hostOf = (one: Case): FleetHost | null => {
  const text = one.read("host.json");
  if (text === null) return null;
  const result = readSite(text);
  if (!result.ok) throw new Error(result.problems.map((issue) => renderIssue("host.json", issue)).join("\n"));
  return { file: "host.json", ...result.value };
};

/** The guests of a folder; each of them is good by itself. */
const read = (one: Case): readonly FleetGuest[] => {
  const host = hostOf(one);
  return one.files
    .filter((file) => file.endsWith(".json") && file !== "host.json")
    .map((file) => {
      const result = readProfile(one.read(file) ?? "", host?.site ?? null);
      if (!result.ok) throw new Error(result.problems.map((issue) => renderIssue(file, issue)).join("\n"));
      const { profile, document } = result.value;
      const template = profile.template === null ? ours : (one.read(profile.template) ?? "");
      const inherited = readInherited(completed(profile, template), profile);
      return { file, profile, document, host, inherited };
    });
};

describe.each(fleets().map((one): [string, Case] => [one.name, one]))("fleet %s", (_, one) => {
  const guests = read(one);
  const files = guests.map(({ file }) => file);
  const report = (all: readonly FleetGuest[]): string =>
    arrange(checkFleet(all), files, { json: false, strict: false, quiet: false })
      .map(({ file, issue }) => `${renderIssue(file, issue)}\n`)
      .join("");

  test("clashes in exactly this", () => {
    const text = report(guests);
    expect(text).toBe(one.golden("issues.txt", text));
  });

  test("no guest clashes with itself", () => {
    for (const guest of guests) expect(checkFleet([{ ...guest, host: null }])).toEqual([]);
  });

  test("every clash is reported at both ends, whichever comes first", () => {
    const places = (text: string): readonly string[] =>
      text
        .split("\n")
        .map((line) => line.split(": ")[0] ?? "")
        .sort();
    const forwards = report(guests);
    expect(places(report([...guests].reverse()))).toEqual(places(forwards));
    for (const [, file = "", place = ""] of forwards.matchAll(/ at ((?!host\.json)\S+?):(\d+:\d+)/g)) {
      expect(forwards).toMatch(new RegExp(`^${file}:${place}: `, "m"));
    }
  });
});
