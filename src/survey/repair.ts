import { converge } from "../kernel/converge.ts";
import { commandText } from "../kernel/facts/command.ts";
import type { Desired } from "../kernel/facts/desired.ts";
import type { Plan } from "../kernel/facts/step.ts";
import type { Host } from "../kernel/host.ts";
import { apply } from "../kernel/plan/apply.ts";
import { describeStep } from "../kernel/plan/describe.ts";
import type { Drift } from "./compare.ts";

/** The result of repairing one NIC: the commands that ran, and the error, or null. */
export interface Repaired {
  readonly done: readonly string[];
  readonly wrong: string | null;
}

/** Runs the steps around attaching a port. @returns why it went no further, or null */
const run = async (plan: Plan, host: Host): Promise<string | null> => {
  const applied = await apply(plan, { ip: [], bridge: [] }, host);
  return applied.kind === "stopped" ? `${describeStep(applied.failed)}: ${applied.reason}` : null;
};

/**
 * Makes a NIC what it should be, by the hook's own converging: it looks again, so that what has been repaired
 * meanwhile is left alone. A tap that could not be made right after it was attached to its bridge stays switched off until a repair succeeds.
 */
export const repair = async (desired: Desired, { reattach }: Drift, host: Host): Promise<Repaired> => {
  const before = reattach?.before ?? [];
  const after = reattach?.after ?? [];
  const begun = before.map(commandText);
  const failed = await run(before, host);
  if (failed !== null) return { done: [], wrong: failed };
  const converged = await converge(desired, host);
  if (converged.kind === "refused") return { done: begun, wrong: converged.reasons.join("; ") };
  if (converged.kind === "failed") return { done: begun, wrong: converged.reason };
  const wrong = await run(after, host);
  return { done: [...begun, ...converged.steps, ...after.map(commandText)], wrong };
};
