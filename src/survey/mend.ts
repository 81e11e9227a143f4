import { converge } from "../kernel/converge.ts";
import type { Plan } from "../kernel/facts/change.ts";
import type { Desired } from "../kernel/facts/desired.ts";
import type { Host } from "../kernel/host.ts";
import { apply } from "../kernel/plan/apply.ts";
import type { Drift } from "./compare.ts";

/** What came of mending one NIC: the lines that were run, and what went wrong, or null. */
export interface Mended {
  readonly done: readonly string[];
  readonly wrong: string | null;
}

const NOTHING_TO_ASK = { ip: [], bridge: [] };

/** Runs the steps around joining a bridge. @returns why it went no further, or null */
const run = async (plan: Plan, host: Host): Promise<string | null> => {
  const applied = await apply(plan, NOTHING_TO_ASK, host);
  return applied.kind === "stopped" ? `${applied.failed.does}: ${applied.reason}` : null;
};

const linesOf = (plan: Plan): readonly string[] => plan.map(({ line }) => line);

/**
 * Makes a NIC what it should be, by the hook's own converging: it looks again, so that what somebody else has mended
 * meanwhile is left alone. A tap that could not be made right after it joined its bridge stays switched off.
 */
export const mend = async (desired: Desired, { rejoin }: Drift, host: Host): Promise<Mended> => {
  const before = rejoin?.before ?? [];
  const failed = await run(before, host);
  if (failed !== null) return { done: [], wrong: failed };
  const converged = await converge(desired, host);
  if (converged.kind === "refused") return { done: linesOf(before), wrong: converged.reasons.join("; ") };
  if (converged.kind === "failed") return { done: linesOf(before), wrong: converged.reason };
  const after = rejoin?.after ?? [];
  const left = await run(after, host);
  return { done: [...linesOf(before), ...converged.steps, ...linesOf(after)], wrong: left };
};
