import pc from "picocolors";
import type { Finding } from "../../../doctor/finding.ts";

/** For people: a line for what is good, three for what is not. */
export const renderFindings = (
  findings: readonly Finding[],
  { colour }: { readonly colour: boolean },
): string => {
  const paint = pc.createColors(colour);
  const LABELS = {
    good: paint.green("good   "),
    warning: paint.yellow("warning"),
    error: paint.red("error  "),
  };
  const blocks = findings.map((finding) => {
    const head = `${LABELS[finding.kind]}  ${finding.check}: ${finding.found}\n`;
    return finding.kind === "good"
      ? head
      : `${head}         why: ${finding.why}\n         mend: ${finding.mend}\n`;
  });
  const count = (kind: Finding["kind"]): number => findings.filter((finding) => finding.kind === kind).length;
  const [errors, warnings] = [count("error"), count("warning")];
  const sum = `${String(errors)} error${errors === 1 ? "" : "s"}, ${String(warnings)} warning${warnings === 1 ? "" : "s"}, ${String(count("good"))} good\n`;
  return blocks.join("") + sum;
};

/** For programs. The shape is promised in docs/reference/doctor.md: keys are added, never changed. */
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
