import type { Plan, Step, Tool } from "../facts/change.ts";

/** Steps that are one process. */
export interface Group {
  readonly tool: Tool;
  readonly steps: Step[];
}

/** Neighbouring lines of one tool are one process. */
export const group = (plan: Plan): readonly Group[] => {
  const groups: Group[] = [];
  for (const step of plan) {
    const open = groups.at(-1);
    if (open?.tool === step.tool) open.steps.push(step);
    else groups.push({ tool: step.tool, steps: [step] });
  }
  return groups;
};
