/** The result of a part of the host's network: in `host.json` as it is, in it in another form, or not in it. */
export type Treatment = "taken" | "changed" | "dropped";

/** One line of the report: no part of the host's network is without one. */
export interface HostEntry {
  readonly outcome: Treatment;
  /** The device, route or rule. */
  readonly object: string;
  readonly text: string;
  /** Whether a person has to decide something. */
  readonly decide: boolean;
}

/** The parts of the host's network with their results; filled while `host.json` is made. */
export class HostReport {
  readonly entries: HostEntry[] = [];
  /** Rules of --bridge-map for per-VLAN bridges that have none. */
  readonly rules: string[] = [];

  taken(object: string, text: string): void {
    this.entries.push({ outcome: "taken", object, text, decide: false });
  }

  changed(object: string, text: string, decide = false): void {
    this.entries.push({ outcome: "changed", object, text, decide });
  }

  dropped(object: string, text: string, decide = false): void {
    this.entries.push({ outcome: "dropped", object, text, decide });
  }
}

const inline = (text: string): string =>
  text.replaceAll(/[\p{Cc}\u2028\u2029]/gu, " ").replaceAll("|", "\\|");

/** The report in Markdown. */
export const renderHostReport = (
  { entries, rules }: { readonly entries: readonly HostEntry[]; readonly rules: readonly string[] },
  source: string,
): string => {
  const decide = entries.filter((entry) => entry.decide);
  const dropped = entries.filter((entry) => entry.outcome === "dropped" && !entry.decide);
  const section = (title: string, lines: readonly string[]): readonly string[] =>
    lines.length === 0 ? [] : [`## ${title}`, "", ...lines, ""];
  return [
    `# host.json of ${inline(source)}`,
    "",
    ...section(
      "Your decisions",
      decide.map(({ object, outcome, text }) => `- [ ] ${inline(object)}: ${outcome}: ${inline(text)}`),
    ),
    ...section(
      "Per-VLAN bridges",
      rules.length === 0
        ? []
        : [
            "To make them VLANs of VLAN-aware bridges, add (check the numbers, and replace VID):",
            "",
            `    ${rules.map((rule) => `--bridge-map ${rule}`).join(" ")}`,
          ],
    ),
    ...section(
      "Not in host.json",
      dropped.map(({ object, text }) => `- ${inline(object)}: ${inline(text)}`),
    ),
    ...section("All parts of the network", [
      "| part | became | how |",
      "| --- | --- | --- |",
      ...entries.map(({ object, outcome, text }) => `| ${inline(object)} | ${outcome} | ${inline(text)} |`),
    ]),
  ]
    .join("\n")
    .replace(/\n*$/, "\n");
};
