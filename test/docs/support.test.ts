import { expect, test } from "@jest/globals";
import { writeFileSync } from "node:fs";
import {
  type Counts,
  type HostsRecord,
  type LabRecord,
  readHosts,
  readLab,
  RELEASES,
  SYSTEMS,
} from "../record/record.ts";
import { readPage } from "./pages.ts";

const PAGE = "docs/reference/support.md";

type Row = readonly (string | undefined)[];

const inWords = (counts: Counts | undefined): string | undefined => {
  if (counts === undefined) return undefined;
  const { passed, failed, skipped } = counts;
  const rest = [failed > 0 ? `${failed} failed` : "", skipped > 0 ? `${skipped} skipped` : ""];
  return [`${passed} passed`, ...rest].filter((part) => part !== "").join(", ");
};

const NAMES = RELEASES.map((release) => SYSTEMS[release].name);

const table = (head: readonly string[], rows: readonly Row[]): string => {
  const cells = [head, ...rows.map((row) => row.map((cell) => cell ?? "not recorded"))];
  const widths = head.map((_, column) => Math.max(3, ...cells.map((row) => row[column]?.length ?? 0)));
  const lines = cells.map((row) => `| ${row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(" | ")} |`);
  const rule = `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`;
  return [lines[0], rule, ...lines.slice(1)].join("\n");
};

const keysOf = (records: readonly (Readonly<Record<string, unknown>> | undefined)[]): readonly string[] => [
  ...new Set(records.flatMap((record) => Object.keys(record ?? {}))),
];

const versionRows = (records: readonly (LabRecord | HostsRecord | undefined)[]): readonly Row[] =>
  keysOf(records.map((record) => record?.versions)).map((key) => [
    key,
    ...records.map((record) => record?.versions[key]),
  ]);

/** The file, and the title of its part: empty where it has one part. */
const partsOf = (block: string): readonly [string, string] => {
  const [file = "", ...part] = block.split(" ");
  return [`\`${file}\``, part.join(" ")];
};

const lab = RELEASES.map(readLab);
const hosts = RELEASES.map(readHosts);

const STEPS = ["boot", "reload", "restart", "reboot"] as const;
const WITH_APPLY = ", with guestnet-apply";

/** What a manager has shown in a step, and whether guestnet-apply has repaired a guest in it. */
const stepOf = (blocks: Readonly<Record<string, Counts>> = {}, step: string): string | undefined => {
  const alone = inWords(blocks[step]);
  const repaired = inWords(blocks[`${step}${WITH_APPLY}`]);
  return alone ?? (repaired === undefined ? undefined : `${repaired}${WITH_APPLY}`);
};

const managers = keysOf(hosts.map((record) => record?.managers))
  .toSorted()
  .flatMap((format) =>
    STEPS.map((step) => [
      ...[`\`${format}\``, step],
      ...hosts.map((record) => stepOf(record?.managers[format], step)),
    ]),
  );

const TABLES: Readonly<Record<string, string>> = {
  lab: table(
    ["program", ...NAMES],
    [...versionRows(lab), ["tests", ...lab.map((record) => inWords(record?.tests))]],
  ),
  hosts: table(["program", ...NAMES], versionRows(hosts)),
  managers: table(["--format", "step", ...NAMES], managers),
  "host-tests": table(
    ["test", "part", ...NAMES],
    keysOf(hosts.map((record) => record?.tests))
      .toSorted()
      .map((block) => [...partsOf(block), ...hosts.map((record) => inWords(record?.tests[block]))]),
  ),
};

test("the tables of support are those of the tests' record", () => {
  const page = readPage(PAGE).replaceAll(
    /(^<!-- record: (\S+) -->\n)[^]*?(?=^<!-- end -->$)/gm,
    (_, before: string, name: string) => `${before}\n${TABLES[name] ?? "no such table"}\n\n`,
  );
  for (const name of Object.keys(TABLES)) expect(page).toContain(`<!-- record: ${name} -->`);
  if (process.env["GOLDEN"] === "1") writeFileSync(PAGE, page);
  expect(readPage(PAGE)).toBe(page);
});
