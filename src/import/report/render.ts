import { renderPath } from "../../values/issue.ts";
import type { ImportedGuest } from "./imported-guest.ts";
import { type ReportEntry, type ReportPhase, renderOrigin } from "./report.ts";

/** The report on one guest for programs. The shape is promised in docs/reference/import.md: keys are added, never changed. */
export const toJson = (outcome: ImportedGuest): object => ({
  file: outcome.file,
  name: outcome.profile.name,
  verdict: outcome.verdict,
  why: outcome.why,
  source: outcome.source,
  profile: outcome.profile,
  disks: outcome.renamed,
  unmappedBridges: outcome.unmapped,
  tasks: outcome.tasks.map(({ phase, text, weight }) => ({ phase, weight, text })),
  entries: outcome.entries.map(({ at, path, found, outcome: became, weight, text }) => ({
    ...at,
    path: renderPath(path),
    found,
    outcome: became,
    weight,
    text,
  })),
});

const PHASES: readonly (readonly [ReportPhase, string])[] = [
  ["before", "Before you stop the guest"],
  ["host", "On the new host"],
  ["inside", "Inside the guest"],
];

/** Text on one line that cannot end a cell or a code span. */
const cell = (text: string): string =>
  text
    .replaceAll(/[\p{Cc}\u2028\u2029]/gu, (character) => JSON.stringify(character).slice(1, -1))
    .replaceAll("|", "\\|");
const code = (text: string): string => `\`${cell(text).replaceAll("`", "'")}\``;

const place = ({ at }: ReportEntry): string => `${at.line}:${at.column}`;
const looked = (entry: ReportEntry): string =>
  `- [ ] line ${entry.at.line}, ${code(renderOrigin(entry) || "the file")}: ${entry.outcome}: ${cell(entry.text)}`;

const section = (title: string, lines: readonly string[]): readonly string[] =>
  lines.length === 0 ? [] : [`## ${title}`, "", ...lines, ""];

/** Reports bridges without a rule, once and together. */
export const renderUnmapped = (bridges: readonly string[], rules: string): string =>
  bridges.length === 0
    ? ""
    : `Bridges without --bridge-map: ${bridges.join(", ")}. They are treated as per-VLAN bridges. To move their NICs to a VLAN-aware bridge, add (replace VID, and check the numbers, which are guessed from the names):\n\n    ${rules}\n`;

/** The report on one guest, in Markdown, for the person who moves it. */
export const renderMarkdown = (outcome: ImportedGuest, rules: string): string => {
  const { file, profile, verdict, entries, tasks, renamed, unmapped, why } = outcome;
  const decide = entries.filter(({ weight }) => weight === "person");
  const steps = entries.filter(({ weight }) => weight === "step");
  const table = renamed.map(({ from, to, source, isPartition, device }) => {
    const what = isPartition ? "was a partition, is a whole disk" : device === "cdrom" ? "CD-ROM drive" : "";
    return `| ${from} | ${to} | ${source === "" ? "" : code(source)} | ${what} |`;
  });
  const lines = entries.map(
    (entry) =>
      `| ${place(entry)} | ${code(renderOrigin(entry) || "the file")} | ${entry.outcome} | ${cell(entry.text)} |`,
  );
  return [
    `# ${cell(profile.name)}`,
    "",
    `From ${code(file)}: **${verdict}**${why.length === 0 ? "" : ` (${why.length === 1 ? cell(why[0] ?? "") : `${why.length} reasons, below`})`}.`,
    "",
    ...section("Your decisions", decide.map(looked)),
    ...PHASES.flatMap(([phase, title]) =>
      section(
        title,
        tasks
          .filter((task) => task.phase === phase)
          .map(({ text, weight }) => `- [ ] ${weight === "person" ? "**Decide:** " : ""}${cell(text)}`),
      ),
    ),
    ...section("To check", steps.map(looked)),
    ...(unmapped.length === 0 ? [] : ["## Networks", "", renderUnmapped(unmapped, rules)]),
    ...section(
      "Disks",
      table.length === 0 ? [] : ["| was | is | where | |", "| --- | --- | --- | --- |", ...table],
    ),
    ...section("All lines of the file", [
      "| line | there | became | how |",
      "| --- | --- | --- | --- |",
      ...lines,
    ]),
  ]
    .join("\n")
    .replace(/\n*$/, "\n");
};

/** The table at the end of many: guest, verdict, and why. */
export const renderSummary = (rows: readonly (readonly [string, string, string])[]): string => {
  const short = (text: string): string => (text.length > 160 ? `${text.slice(0, 159)}…` : text);
  const all = [["guest", "verdict", "why"] as const, ...rows].map((row) =>
    row.map((text) => short(cell(text))),
  );
  const widths = [0, 1, 2].map((column) =>
    Math.min(60, Math.max(...all.map((row) => (row[column] ?? "").length))),
  );
  const line = (row: readonly string[]): string =>
    `| ${row.map((text, column) => text.padEnd(widths[column] ?? 0)).join(" | ")} |`.replace(/ +\|$/, " |");
  const [head = [], ...body] = all;
  return `${[line(head), `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`, ...body.map(line)].join("\n")}\n`;
};
