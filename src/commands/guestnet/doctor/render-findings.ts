import pc from "picocolors";
import type { Finding } from "../../../doctor/finding.ts";

/** Indentation of the lines below a finding. */
const BELOW = " ".repeat(9);

/** Returns the text: fact, impact and fix of what is not ok, one line for each other check if they are wanted, and the sum. */
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
    const [first, ...more] = finding.fix.split("\n");
    const fix = [`${BELOW}fix: ${first ?? ""}`, ...more.map((line) => `${BELOW}     ${line}`)];
    return `${head}${BELOW}impact: ${finding.impact}\n${fix.join("\n")}\n`;
  });
  const count = (kind: Finding["kind"]): number => findings.filter((finding) => finding.kind === kind).length;
  const [errors, warnings] = [count("error"), count("warning")];
  const sum = `${String(errors)} error${errors === 1 ? "" : "s"}, ${String(warnings)} warning${warnings === 1 ? "" : "s"}, ${String(count("ok"))} ok\n`;
  return blocks.join("") + sum;
};

/** Returns the findings as JSON. The shape is promised in docs/reference/doctor.md: keys are added, never changed. */
export const renderFindingsJson = (findings: readonly Finding[]): string =>
  `${JSON.stringify(
    {
      errors: findings.filter(({ kind }) => kind === "error").length,
      warnings: findings.filter(({ kind }) => kind === "warning").length,
      findings,
    },
    null,
    2,
  )}\n`;
