import type { Prefix } from "../values/address.ts";
import { type Plan, subjectOf, type Tool } from "./facts/change.ts";
import type { Demand } from "./facts/demand.ts";
import type { Desired } from "./facts/desired.ts";
import type { UplinkVlanFact } from "./facts/fact.ts";
import type { Host } from "./host.ts";
import { afterwards, type Scope } from "./facts/scope.ts";
import type { View } from "./facts/view.ts";
import { expectOfFreshPorts, readFreshPorts } from "./observe/fresh-port.ts";
import { look, lookAt, type Sight, toView } from "./observe/observe.ts";
import type { Seen } from "./observe/question.ts";
import { questionsOf, toSeen } from "./observe/questions.ts";
import { apply } from "./plan/apply.ts";
import { describeChange, describeStop } from "./plan/describe.ts";
import { differences } from "./plan/differences.ts";
import { toPlan } from "./plan/plan.ts";
import { undo } from "./plan/undo.ts";
import { announcedElsewhere, unmet } from "./plan/unmet.ts";

/** What came of making observed equal desired. */
export type Converged =
  | {
      readonly kind: "converged";
      readonly steps: readonly string[];
      readonly missing: readonly UplinkVlanFact[];
      /** Networks of which only one can have each, and that another host announces. */
      readonly elsewhere: readonly Prefix[];
    }
  | { readonly kind: "refused"; readonly reasons: readonly string[] }
  | { readonly kind: "failed"; readonly reason: string };

/** What we go by: what we saw, or also what must be true of ports that are a moment old. */
interface Known {
  readonly kind: "seen" | "expected";
  readonly sight: Sight;
}

const lookBefore = async (scope: Scope, host: Host): Promise<Known> => {
  const ip = readFreshPorts(scope, host);
  if (ip === null) return { kind: "seen", sight: await look(scope, host) };
  return { kind: "expected", sight: { ip, bridge: expectOfFreshPorts(ip.links), nft: [] } };
};

/** Makes the plan's steps, and looks again at what they touched, and at all that nobody has looked at yet. */
const applyAndLook = async (plan: Plan, { kind, sight: before }: Known, scope: Scope, host: Host) => {
  // By the end of the plan every device of the scope is there, or the question fails and is asked again.
  const later = afterwards(scope);
  const questions = questionsOf(later, () => true);
  const lines = {
    ip: questions.ip.map(({ line }) => line),
    bridge: questions.bridge.map(({ line }) => line),
  };
  const applied = await apply(plan, lines, host);
  if (applied.kind === "stopped") return applied;
  const touched = new Set(plan.map(({ tool }) => tool));
  const stale = (tool: Tool): boolean => kind === "expected" || touched.has(tool);
  const { shown } = applied;
  const lookAtLinks = (): Promise<Seen> | Seen => readFreshPorts(later, host) ?? lookAt.ip(later, host);
  const [ip, bridge, nft] = await Promise.all([
    shown.ip === null
      ? stale("ip") || touched.has("sysfs")
        ? lookAtLinks()
        : before.ip
      : toSeen(questions.ip, shown.ip),
    shown.bridge === null
      ? stale("bridge")
        ? lookAt.bridge(later, host)
        : before.bridge
      : toSeen(questions.bridge, shown.bridge),
    stale("nft") ? lookAt.nft(later, host) : before.nft,
  ]);
  const sight: Sight = { ip, bridge, nft };
  return { kind: "applied", sight } as const;
};

const unmetIn = (demands: readonly Demand[], view: View): readonly string[] =>
  demands.flatMap((demand) => {
    const reason = unmet(demand, view);
    return reason === null ? [] : `NIC ${demand.tap}: ${reason}`;
  });

/** A failure after a mere expectation may have a reason that a look would have shown. */
const explain = async (failure: Converged, { kind }: Known, desired: Desired, host: Host) => {
  if (kind === "seen") return failure;
  const sight = await look(desired.scope, host).catch(() => null);
  const reasons = sight === null ? [] : unmetIn(desired.demands, toView(desired.scope, sight, host));
  return reasons.length > 0 ? ({ kind: "refused", reasons } as const) : failure;
};

/**
 * Looks at the kernel, compares, changes, and looks again. A demand that is not met refuses before anything
 * is changed. Rejects when a tool cannot be started or answers nonsense.
 */
export const converge = async (desired: Desired, host: Host): Promise<Converged> => {
  const { scope } = desired;
  const before = await lookBefore(scope, host);
  let view = toView(scope, before.sight, host);
  const reasons = unmetIn(desired.demands, view);
  if (reasons.length > 0) return { kind: "refused", reasons };
  const elsewhere = announcedElsewhere(desired.demands, view);

  const steps: string[] = [];
  let known = before;
  let made: Plan = [];
  // Twice, because others act on new devices, too: udev may apply the host's sysctl.d to a tap after we have.
  for (let round = 0; round < 2; round += 1) {
    const plan = toPlan(differences(desired, view));
    if (plan.length === 0 && known.kind === "seen")
      return { kind: "converged", steps, missing: view.missing, elsewhere };
    const applied = await applyAndLook(plan, known, scope, host);
    if (applied.kind === "stopped") {
      await undo([...made, ...plan.slice(0, applied.begun)], host);
      const failure = { kind: "failed", reason: describeStop(applied, plan.length) } as const;
      return await explain(failure, before, desired, host);
    }
    made = [...made, ...plan];
    steps.push(...plan.map((step) => step.line));
    known = { kind: "seen", sight: applied.sight };
    view = toView(scope, applied.sight, host);
  }
  const left = differences(desired, view);
  if (left.length === 0) return { kind: "converged", steps, missing: view.missing, elsewhere };
  await undo(made, host);
  const differs = left.map((change) => `${describeChange(change)} (${subjectOf(change).kind})`).join(", ");
  const reason = `all ${made.length} steps were applied, but the kernel still differs: ${differs}`;
  return await explain({ kind: "failed", reason }, before, desired, host);
};
