import { expect, test } from "@jest/globals";
import { renderMetaData, renderNetworkConfig } from "../../src/guest-config/cloud-init.ts";
import { renderIfupdown } from "../../src/guest-config/ifupdown.ts";
import { renderNetworkd } from "../../src/guest-config/networkd.ts";
import type { Profile } from "../../src/guest/profile.ts";
import { parseProfile } from "../../src/profile/parse.ts";
import { type Case, cases } from "../support/cases.ts";

/** Every file that the guest could get, one after the other. */
const everything = (profile: Profile): string =>
  [
    { name: "meta-data", text: renderMetaData(profile) },
    { name: "network-config", text: renderNetworkConfig(profile) ?? "(no file)\n" },
    ...renderNetworkd(profile),
    ...renderIfupdown(profile),
  ]
    .map(({ name, text }) => `==> ${name} <==\n${text}`)
    .join("\n");

const told = cases().filter((one) => one.read("guest-config.txt") !== null);

test.each(told.map((one): [string, Case] => [one.name, one]))("case %s is told this", (_, one) => {
  const profile = parseProfile(one.read("guest.json") ?? "");
  if (!profile.ok) throw new Error(JSON.stringify(profile.problems));
  const text = everything(profile.value);
  expect(text).toBe(one.golden("guest-config.txt", text));
});
