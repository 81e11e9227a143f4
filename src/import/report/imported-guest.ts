import { readProfile, type ReadProfile } from "../../profile/parse.ts";
import type { ProfileText } from "../../profile/schema/profile.ts";
import { withoutSecrets } from "../xen/syntax/value.ts";
import { type Report, type ReportEntry, renderOrigin, type Task } from "./report.ts";
import type { Renamed } from "../to-profile/disks.ts";

/** Steps for a person, of one guest. */
export type ImportVerdict = "ready" | "ready after steps" | "needs a person";

/** A file that became a profile. */
export interface ImportedGuest {
  readonly file: string;
  readonly profile: ProfileText;
  /** The profile's file. */
  readonly text: string;
  readonly read: ReadProfile;
  /** A domain XML that the profile completes: the file that it came from. */
  readonly template: string | null;
  readonly verdict: ImportVerdict;
  /** The reasons for the verdict, the weightiest first. */
  readonly why: readonly string[];
  readonly entries: readonly ReportEntry[];
  readonly tasks: readonly Task[];
  readonly renamed: readonly Renamed[];
  readonly unmapped: readonly string[];
  /** Every network that a `--bridge-map` rule could be for. */
  readonly networks: readonly string[];
  /** Portgroups that a rule for their whole network moves into one VLAN. */
  readonly portgroups: readonly { readonly network: string; readonly portgroup: string }[];
  /** The original text of the file, for programs. */
  readonly source: object;
}

/** The result of a file, before it was read back. */
export interface Draft {
  readonly profile: ProfileText;
  readonly template: string | null;
  readonly renamed: readonly Renamed[];
  readonly unmapped: readonly string[];
  readonly networks: ImportedGuest["networks"];
  readonly portgroups: ImportedGuest["portgroups"];
  readonly source: object;
}

/** The text of a profile. */
const renderProfile = (profile: ProfileText): string => `${JSON.stringify(profile, null, 2)}\n`;

const inOrder = (a: ReportEntry, b: ReportEntry): number =>
  a.at.line - b.at.line || a.at.column - b.at.column;
const bare = ({ at, path, found, outcome, weight, text }: ReportEntry): ReportEntry => ({
  at,
  path,
  found: withoutSecrets(found),
  outcome,
  weight,
  text: withoutSecrets(text),
});

const judge = (
  entries: readonly ReportEntry[],
  tasks: readonly Task[],
): Pick<ImportedGuest, "verdict" | "why"> => {
  const decisions = [
    ...entries
      .filter(({ weight }) => weight === "person")
      .map((entry) => `${renderOrigin({ ...entry, found: "" })}: ${entry.text}`),
    ...tasks.flatMap(({ weight, why, text }) => (weight === "person" ? [why ?? text] : [])),
  ];
  if (decisions.length > 0) return { verdict: "needs a person", why: [...new Set(decisions)] };
  const steps = entries.filter(({ weight }) => weight === "step").length + tasks.length;
  return steps === 0
    ? { verdict: "ready", why: [] }
    : { verdict: "ready after steps", why: [`${steps} steps`] };
};

/**
 * Completes what was made of a file: reads the profile back as genxml will, so that nothing leaves here that it would
 * refuse.
 *
 * @returns the outcome, or null with the reasons in the report
 */
export const finishImport = (file: string, draft: Draft, report: Report): ImportedGuest | null => {
  const text = renderProfile(draft.profile);
  const read = readProfile(text, null);
  if (!read.ok) {
    for (const { code, path, message } of read.problems)
      report.issues.push({
        severity: "error",
        code,
        path,
        message: `the resulting profile is rejected: ${message}`,
        position: { line: 1, column: 1 },
      });
    return null;
  }
  const entries = report.entries.map(bare).sort(inOrder);
  const tasks = report.tasks.map((task) => ({ ...task, text: withoutSecrets(task.text) }));
  return { file, ...draft, text, read: read.value, ...judge(entries, tasks), entries, tasks };
};

/** A verdict with more reasons for a person. */
export const withReasons = (outcome: ImportedGuest, reasons: readonly string[]): ImportedGuest =>
  reasons.length === 0
    ? outcome
    : {
        ...outcome,
        verdict: "needs a person",
        why: [...(outcome.verdict === "needs a person" ? outcome.why : []), ...reasons],
      };
