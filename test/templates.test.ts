import { describe, expect, test } from "@jest/globals";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { protectionText } from "../src/commands/guestnet/install/protect-taps.ts";
import { NETWORK_MANAGER, NETWORKD } from "../src/doctor/tap-protection.ts";
import { renderHostMetrics, renderPrometheus } from "../src/commands/guestnet/status/prometheus.ts";
import type { Survey } from "../src/survey/survey.ts";
import { queriesOf } from "./support/dashboard.ts";
import { guestnet } from "./support/guestnet.ts";
import { runProgram } from "./support/run-program.ts";

const FOLDERS = ["templates/systemd", "templates/network-managers"] as const;
const UNIT = "guestnet-apply.service";
const AUTOSTART = "guestnet-autostart.service";
const REPORT = /^guestnet-report\.(service|timer)$/;

const FILES = FOLDERS.flatMap((folder) =>
  readdirSync(folder).map((name) => [name, `${folder}/${name}`] as const),
);
const text = (file: string): string => readFileSync(file, "utf8");
const SCRIPTS = FILES.filter(([, file]) => text(file).startsWith("#!"));

test.each([UNIT, AUTOSTART, "guestnet-report.service"])(
  "%s runs a command that guestnet has, by its whole path",
  (unit) => {
    const [, program, args = ""] = /^ExecStart=(\S+) (.*)$/m.exec(text(`templates/systemd/${unit}`)) ?? [];
    expect(program).toBe("/usr/local/bin/guestnet");
    expect(guestnet([...args.split(" "), "--help"])).toMatchObject({ status: 0 });
  },
);

test.each([
  [NETWORKD, "05-guestnet.network"],
  [NETWORK_MANAGER, "50-guestnet.conf"],
])("$manager is told by a template what guestnet install tells it", (protection, name) => {
  const lines = text(`templates/network-managers/${name}`).split("\n");
  expect(lines.filter((line) => !line.startsWith("#")).join("\n")).toBe(protectionText(protection));
});

test("all others start the unit", () => {
  const starters = FILES.filter(
    ([name]) => name !== UNIT && name !== AUTOSTART && !REPORT.test(name) && !/\.(network|conf)$/.test(name),
  );
  expect(starters).toHaveLength(4);
  for (const [name, file] of starters)
    expect([name, text(file)]).toEqual([name, expect.stringContaining(UNIT)]);
});

test.each(SCRIPTS)("%s is a shell script that can be run", (_, file) => {
  expect(text(file)).toMatch(/^#!\/bin\/sh\n/);
  expect(statSync(file).mode & 0o111).toBe(0o111);
  expect(runProgram("sh", ["-n", file])).toMatchObject({ status: 0, stderr: "" });
});

test("each has its place in docs/how-to/repair.md, or in report.md", () => {
  const pages = {
    repair: readFileSync("docs/how-to/repair.md", "utf8"),
    report: readFileSync("docs/how-to/report.md", "utf8"),
  };
  for (const [name] of FILES) expect(REPORT.test(name) ? pages.report : pages.repair).toContain(name);
});

describe("the Grafana dashboard", () => {
  const dashboard = text("templates/grafana/guestnet.json");
  const none: Survey = { guests: [], others: [] };
  const status = { survey: none, traffic: { counters: new Map(), heard: new Map() } };
  const metrics =
    renderPrometheus([{ host: null, status }]) + renderHostMetrics({ hosts: [], moves: [], conflicts: [] });
  const ours = new Set([...metrics.matchAll(/^# TYPE (\S+)/gm)].map(([, name = ""]) => name));
  /** What stands before a brace, a bracket, a comparison or the end of an argument, and is no function, keyword or number. */
  const WORDS = /^(sum|count|max|rate|topk|vector|by|or|\d+)$/;
  const namesIn = (query: string): readonly string[] =>
    query
      .replaceAll(/\{[^}]*\}|\[[^\]]*\]|by \([^)]*\)/g, " ")
      .split(/[^A-Za-z0-9_:]+/)
      .filter((word) => word !== "" && !WORDS.test(word));

  test("asks for metrics of guestnet status --prometheus only, and for all of them", () => {
    const asked = new Set(queriesOf(dashboard).flatMap(namesIn));
    expect(ours.size).toBeGreaterThan(8);
    expect([...asked].sort()).toEqual([...ours].sort());
  });

  test("asks for labels that these metrics have", () => {
    const labels = queriesOf(dashboard).flatMap((query) => [
      ...[...query.matchAll(/(\w+)(?:=~|=|!=|!~)"/g)].map(([, name]) => name),
      ...[...query.matchAll(/by \((\w+)\)/g)].map(([, name]) => name),
      ...[...dashboard.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name),
    ]);
    for (const label of labels)
      expect(["guest", "nic", "type", "state", "activity", "host"]).toContain(label);
  });

  test("names a metric wrongly, and it is noticed", () => {
    expect(namesIn('8 * rate(guestnet_nic_sent_bytes{guest=~"$guest"}[$__rate_interval])')).toEqual([
      "guestnet_nic_sent_bytes",
    ]);
  });
});
