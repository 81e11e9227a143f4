import type { Change } from "../kernel/facts/change.ts";
import type { Unmet } from "../kernel/facts/demand.ts";
import type { Desired } from "../kernel/facts/desired.ts";
import type { Fact } from "../kernel/facts/fact.ts";
import type { Observed } from "../kernel/facts/observed.ts";
import type { Plan } from "../kernel/facts/step.ts";
import { type AskedHost, observe } from "../kernel/observe/observe.ts";
import { checkDemand } from "../kernel/plan/check-demand.ts";
import { changesFor } from "../kernel/plan/diff.ts";
import { toPlan } from "../kernel/plan/plan.ts";
import { STANDBY_METRIC } from "../move/arrival.ts";
import { afterReattach, type Reattach, reattachOf } from "./reattach.ts";

/** Differences of a NIC from its guest's metadata, and the commands that repair them. */
export interface Drift {
  readonly kind: "drift";
  readonly changes: readonly Change<Fact>[];
  /** The tap's way back to its bridge, or null when it never left. */
  readonly reattach: Reattach | null;
  readonly plan: Plan;
}

/** The state of a NIC. */
export type NicState =
  | { readonly kind: "ok" }
  /** Correct, but its tap is down, possibly on purpose. */
  | { readonly kind: "down" }
  /** Right for a guest that still runs on the host that it comes from: its routes here are a standby. */
  | { readonly kind: "incoming" }
  | Drift
  /** The host lacks something that guestnet never changes. */
  | { readonly kind: "blocked"; readonly unmet: readonly Unmet[] };

const isStandby = ({ facts }: Desired): boolean =>
  facts.some((fact) => fact.kind === "route" && fact.metric === STANDBY_METRIC);

const judge = (desired: Desired, observed: Observed): NicState => {
  const reattach = reattachOf(desired, observed);
  const seen = reattach === null ? observed : afterReattach(observed, reattach);
  const unmet = desired.demands.flatMap((demand) => checkDemand(demand, seen) ?? []);
  if (unmet.length > 0) return { kind: "blocked", unmet };
  const changes = changesFor(desired, seen);
  if (reattach !== null) {
    const plan = [...reattach.before, ...toPlan(changes), ...reattach.after];
    return { kind: "drift", changes, reattach, plan };
  }
  if (changes.length > 0) return { kind: "drift", changes, reattach, plan: toPlan(changes) };
  const ports = desired.scope.ports.flatMap((port) => observed.devices.get(port) ?? []);
  if (ports.some(({ up }) => !up)) return { kind: "down" };
  return isStandby(desired) ? { kind: "incoming" } : { kind: "ok" };
};

/**
 * Looks at what belongs to one NIC and compares: the same observation, demands, changes and steps as the hook's, and nothing
 * is changed. Rejects when a tool cannot be started or answers nonsense.
 */
export const compare = async (desired: Desired, host: AskedHost): Promise<NicState> =>
  judge(desired, await observe(desired.scope, host));
