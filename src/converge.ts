import { subjectOf } from "./model/change.ts";
import type { Desired } from "./model/desired.ts";
import { hostState } from "./model/host-state.ts";
import type { Host } from "./model/host.ts";
import { observe } from "./observe/observe.ts";
import { apply, undo } from "./plan/apply.ts";
import { describeChange } from "./plan/describe.ts";
import { diff } from "./plan/diff.ts";
import { toPlan } from "./plan/plan.ts";

import { unmet } from "./plan/unmet.ts";

/** What came of making observed equal desired. */
export type Converged =
  | { readonly kind: "converged"; readonly steps: readonly string[] }
  | { readonly kind: "refused"; readonly reasons: readonly string[] }
  | { readonly kind: "failed"; readonly reason: string };

/**
 * Looks at the kernel, compares, changes, and looks again. A demand that is not met refuses before anything
 * is changed. Rejects when a tool cannot be started or answers nonsense.
 */
export const converge = async (desired: Desired, host: Host): Promise<Converged> => {
  const wanted = hostState(desired.facts);
  const view = await observe(desired.scope, host);
  const reasons = desired.demands.flatMap((demand) => {
    const reason = unmet(demand, view);
    return reason === null ? [] : `NIC ${demand.tap}: ${reason}`;
  });
  if (reasons.length > 0) return { kind: "refused", reasons };

  const plan = toPlan(diff(wanted, view.facts));
  if (plan.length === 0) return { kind: "converged", steps: [] };
  const applied = await apply(plan, host);
  if (applied.kind === "stopped") {
    const { failed, reason } = applied;
    await undo(plan.slice(0, applied.applied), host);
    const progress = `${String(applied.applied)} of ${String(plan.length)} steps applied`;
    return { kind: "failed", reason: `${failed.does}: ${reason} (${progress})` };
  }
  const left = diff(wanted, (await observe(desired.scope, host)).facts);
  if (left.length === 0) return { kind: "converged", steps: plan.map((step) => step.line) };
  await undo(plan, host);
  const differs = left.map((change) => `${describeChange(change)} (${subjectOf(change).kind})`).join(", ");
  return {
    kind: "failed",
    reason: `all ${String(plan.length)} steps were applied, but the kernel still differs: ${differs}`,
  };
};
