import { counted } from "../../shared/counted.ts";
import pc from "picocolors";
import type { Finding } from "../../../doctor/finding.ts";

/** Indentation of the lines below a finding. */
const BELOW = " ".repeat(9);

/** Returns the text: fact, impact and fix of what is not ok, and one line for each other check if they are wanted. */
export const renderFindings = (
  findings: readonly Finding[],
  { colour, verbose }: { readonly colour: boolean; readonly verbose: boolean },
): string => {
  const paint = pc.createColors(colour);
  const LABELS = {
    ok: paint.green("ok     "),
    warning: paint.yellow("warning"),
    error: paint.red("error  "),
  };
  const blocks = findings.map((finding) => {
    const head = `${LABELS[finding.kind]}  ${finding.check}: ${finding.fact}\n`;
    if (finding.kind === "ok") return verbose ? head : "";
    const [first, ...more] = finding.fix;
    const fix = [`${BELOW}fix: ${first ?? ""}`, ...more.map((line) => `${BELOW}     ${line}`)];
    return `${head}${BELOW}impact: ${finding.impact}\n${fix.join("\n")}\n`;
  });
  return blocks.join("");
};

/** Returns the number of findings of a kind. */
export const countOf = (findings: readonly Pick<Finding, "kind">[], kind: Finding["kind"]): number =>
  findings.filter((finding) => finding.kind === kind).length;

/** Returns the sum in words: `1 error, 0 warnings, 12 ok`. */
export const sumOf = (findings: readonly Finding[]): string =>
  `${counted(countOf(findings, "error"), "error")}, ${counted(countOf(findings, "warning"), "warning")}, ${String(countOf(findings, "ok"))} ok`;

/** Returns a finding for programs. */
export const findingJson = (finding: Finding): object =>
  finding.kind === "ok" ? finding : { ...finding, fix: finding.fix.join("\n") };

/** Returns the findings as JSON. The shape is promised in docs/reference/doctor.md: keys are added, never changed. */
export const renderFindingsJson = (findings: readonly Finding[]): string =>
  `${JSON.stringify(
    {
      errors: countOf(findings, "error"),
      warnings: countOf(findings, "warning"),
      findings: findings.map(findingJson),
    },
    null,
    2,
  )}\n`;
