import { describe, expect, test } from "@jest/globals";
import { renderMetaData, renderNetworkConfig } from "../../src/guest-config/cloud-init.ts";
import { GUEST_FORMAT_NAMES } from "../../src/guest-config/format-names.ts";
import { GUEST_FORMATS } from "../../src/guest-config/formats.ts";
import { toGuestInterfaces } from "../../src/guest-config/guest-interface.ts";
import type { Profile } from "../../src/guest/profile.ts";
import { parseProfile } from "../../src/profile/parse.ts";
import { type Case, cases } from "../support/cases.ts";

const together = (files: readonly { readonly name: string; readonly text: string }[]): string =>
  files.map(({ name, text }) => `==> ${name} <==\n${text.replaceAll("\r\n", "\n")}`).join("\n");

const seed = (profile: Profile): string =>
  together([
    { name: "meta-data", text: renderMetaData(profile) },
    { name: "network-config", text: renderNetworkConfig(profile) ?? "(no file)\n" },
  ]);

const withoutSeed = (profile: Profile, format: (typeof GUEST_FORMAT_NAMES)[number]): string => {
  const result = GUEST_FORMATS[format](toGuestInterfaces(profile));
  if (result.ok) return together(result.value);
  return result.problems.map(({ nic, message }) => `interfaces[${String(nic)}]: ${message}\n`).join("");
};

const told = cases().filter(({ files }) => files.includes("guest-config"));

describe.each(told.map((one): [string, Case] => [one.name, one]))("the guest of case %s", (_, one) => {
  const profile = parseProfile(one.read("guest.json") ?? "");
  if (!profile.ok) throw new Error(JSON.stringify(profile.problems));

  test("gets this seed", () => {
    const text = seed(profile.value);
    expect(text).toBe(one.golden("guest-config/cloud-init.txt", text));
  });

  test.each(GUEST_FORMAT_NAMES)("gets this as %s", (format) => {
    const text = withoutSeed(profile.value, format);
    expect(text).toBe(one.golden(`guest-config/${format}.txt`, text));
  });
});
