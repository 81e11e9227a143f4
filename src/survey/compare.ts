import { STANDBY_METRIC } from "../move/arrival.ts";
import type { Change, Plan } from "../kernel/facts/change.ts";
import type { Desired } from "../kernel/facts/desired.ts";
import type { Host } from "../kernel/host.ts";
import type { View } from "../kernel/facts/view.ts";
import { look, toView } from "../kernel/observe/observe.ts";
import { differences } from "../kernel/plan/differences.ts";
import { toPlan } from "../kernel/plan/plan.ts";
import { unmet } from "../kernel/plan/unmet.ts";
import { afterRejoin, type Rejoin, rejoinOf } from "./rejoin.ts";

/** How a NIC differs from what its guest's metadata says, and what mends it. */
export interface Drift {
  readonly kind: "drift";
  readonly changes: readonly Change[];
  /** The tap's way back to its bridge, or null when it is there. */
  readonly rejoin: Rejoin | null;
  readonly plan: Plan;
}

/** What became of a NIC. */
export type NicState =
  | { readonly kind: "ok" }
  /** Right in all, but its tap is switched off: whoever did that may have meant it. */
  | { readonly kind: "down" }
  /** Right for a guest that still runs on the host that it comes from: its routes here are a stand-by. */
  | { readonly kind: "coming" }
  | Drift
  /** The host lacks something that we never change. */
  | { readonly kind: "refused"; readonly reasons: readonly string[] };

const reasonsIn = (desired: Desired, view: View): readonly string[] =>
  desired.demands.flatMap((demand) => unmet(demand, view) ?? []);

const isStandby = ({ facts }: Desired): boolean =>
  facts.some((fact) => fact.kind === "route" && fact.metric === STANDBY_METRIC);

const judge = (desired: Desired, view: View): NicState => {
  const rejoin = rejoinOf(desired, view);
  const seen = rejoin === null ? view : afterRejoin(view, rejoin, desired);
  const reasons = reasonsIn(desired, seen);
  if (reasons.length > 0) return { kind: "refused", reasons: [...new Set(reasons)] };
  const changes = differences(desired, seen);
  if (rejoin !== null) {
    return { kind: "drift", changes, rejoin, plan: [...rejoin.before, ...toPlan(changes), ...rejoin.after] };
  }
  if (changes.length > 0) return { kind: "drift", changes, rejoin, plan: toPlan(changes) };
  const ports = desired.scope.ports.flatMap((port) => view.links.get(port) ?? []);
  if (ports.some(({ up }) => !up)) return { kind: "down" };
  return isStandby(desired) ? { kind: "coming" } : { kind: "ok" };
};

/**
 * Looks at what belongs to one NIC and compares: the same look, demands, differences and lines as the hook's, and nothing
 * is changed. Rejects when a tool cannot be started or answers nonsense.
 */
export const compare = async (desired: Desired, host: Host): Promise<NicState> => {
  const { scope } = desired;
  return judge(desired, toView(scope, await look(scope, host), host));
};
