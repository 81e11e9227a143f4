import { expect, test } from "@jest/globals";
import { genxml } from "../../src/commands/genxml/program.ts";
import { guestnet } from "../../src/commands/guestnet/program.ts";
import { renderHostMetrics, renderPrometheus } from "../../src/commands/guestnet/status/prometheus.ts";
import type { DocumentedCommand } from "../../src/commands/shared/documented-command.ts";
import { toOutline } from "../../src/commands/shared/outline.ts";
import type { SettingKey } from "../../src/libvirt/metadata/nic-element.ts";
import type { NicState } from "../../src/survey/compare.ts";
import type { Activity } from "../../src/survey/traffic.ts";
import { readPage, termsOf, unequal } from "./pages.ts";

const GENXML = "docs/reference/genxml.md";
const GUESTNET = "docs/reference/guestnet.md";
const EQUAL = { undocumented: [], unknown: [] };

const commandsOf = (program: DocumentedCommand): readonly string[] =>
  toOutline(program).commands.map(({ name }) => name);

test("the reference of each program lists its commands", () => {
  const listed = termsOf(GENXML, "genxml", "command").filter((term) => !term.includes("--"));
  expect(
    unequal(listed, ["genxml PATH...", ...commandsOf(genxml()).map((name) => `genxml ${name}`)]),
  ).toEqual(EQUAL);
  expect(unequal(termsOf(GUESTNET, "guestnet", "command"), commandsOf(guestnet()))).toEqual(EQUAL);
});

test.each([
  [GENXML, genxml()],
  [GUESTNET, guestnet()],
])("%s has the exit codes of the help", (page, program) => {
  const [, section = ""] = readPage(page).split("\n## Exit status\n");
  const codes = [...section.matchAll(/^\| (\d+) +\|/gm)].map(([, code]) => code);
  const list = program.reference.lists.find(({ heading }) => heading === "Exit codes");
  expect(codes).toEqual(list?.rows.map(([code]) => code));
});

/** Complete by the compiler: a word that is missing here, or that no longer exists, is an error of types. */
const STATES: Readonly<Record<NicState["kind"] | "invalid" | "unmanaged", true>> = {
  ...{ ok: true, drift: true, down: true, incoming: true, blocked: true },
  ...{ invalid: true, unmanaged: true },
};
const ACTIVITIES: Readonly<Record<Exclude<Activity, "unknown">, true>> = {
  ...{ reachable: true, seen: true, unresponsive: true, "never seen": true },
};
const SETTINGS: Readonly<Record<SettingKey, true>> = {
  ...{ vlan: true, trunk: true, native: true, isolated: true, antispoof: true, macs: true },
  ...{ addresses: true, prefixes: true, gateway: true },
};

test.each([
  ["status", "state", STATES],
  ["status", "activity", ACTIVITIES],
  ["attach, detach and set", "setting", SETTINGS],
])("the section %s lists every %s", (section, column, words) => {
  expect(unequal(termsOf(GUESTNET, section, column), Object.keys(words))).toEqual(EQUAL);
});

test("the reference names every metric", () => {
  const text = renderPrometheus([]) + renderHostMetrics({ hosts: [], moves: [], conflicts: [] });
  const metrics = [...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name);
  expect(metrics.length).toBeGreaterThan(8);
  const named = new Set([...readPage(GUESTNET).matchAll(/`(guestnet_\w+)`/g)].map(([, name]) => name));
  expect([...named].sort()).toEqual(metrics.sort());
});
