import { nextJob } from "../values/in-job.ts";
import type { Prefix } from "../values/address.ts";
import { subjectOf } from "./facts/change.ts";
import { commandText, type Tool } from "./facts/command.ts";
import type { AskingTool } from "./facts/question.ts";
import { type Demand, unmetText } from "./facts/demand.ts";
import type { Desired } from "./facts/desired.ts";
import type { Observed } from "./facts/observed.ts";
import { afterFirstChange, type Scope } from "./facts/scope.ts";
import type { Plan } from "./facts/step.ts";
import type { UplinkVlanFact } from "./facts/port/uplink-vlan.ts";
import type { Host } from "./host.ts";
import { expectNewPorts, readNewPorts } from "./observe/new-port.ts";
import {
  type AskedHost,
  observe,
  readTables,
  readTool,
  readTools,
  type Readings,
  toAsked,
  toObserved,
} from "./observe/observe.ts";
import { inquire, type Reading } from "./observe/reading.ts";
import { apply, undo } from "./plan/apply.ts";
import { announcedElsewhere, checkDemand } from "./plan/check-demand.ts";
import { describeChanges, describeStop } from "./plan/describe.ts";
import { changesFor } from "./plan/diff.ts";
import { toPlan } from "./plan/plan.ts";

/** The result of making observed facts equal desired ones. */
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

/** The basis of a plan: observed facts only, or also those that a new port must have. */
interface Basis {
  readonly kind: "read" | "expected";
  readonly readings: Readings;
}

const readBefore = async (scope: Scope, host: AskedHost): Promise<Basis> => {
  await nextJob();
  const ip = readNewPorts(scope, host);
  if (ip === null) return { kind: "read", readings: await readTools(scope, host) };
  return { kind: "expected", readings: { ip, bridge: expectNewPorts(ip.devices), nft: [] } };
};

/** Makes the plan's steps, and reads again what they touched, and all that has not been read yet. */
const applyAndRead = async (plan: Plan, { kind, readings: before }: Basis, scope: Scope, host: AskedHost) => {
  // By the end of the plan every device of the scope is there, or the question fails and is asked again.
  const later = afterFirstChange(scope);
  const asked = { ip: inquire("ip", later), bridge: inquire("bridge", later) };
  const questions = { ip: asked.ip.questions, bridge: asked.bridge.questions };
  const applied = await apply(plan, questions, host);
  if (applied.kind === "stopped") return applied;
  const { answers } = applied;
  const touched = new Set(plan.map(({ tool }) => tool));
  const isStale = (tool: Tool): boolean => kind === "expected" || touched.has(tool);
  const read = (tool: AskingTool): Promise<Reading> => readTool(tool, later, host);
  const readDevices = (): Promise<Reading> | Reading => readNewPorts(later, host) ?? read("ip");
  const [ip, bridge, nft] = await Promise.all([
    answers.ip === null
      ? isStale("ip") || touched.has("sysfs")
        ? readDevices()
        : before.ip
      : asked.ip.read(answers.ip),
    answers.bridge === null
      ? isStale("bridge")
        ? read("bridge")
        : before.bridge
      : asked.bridge.read(answers.bridge),
    isStale("nft") ? readTables(later, host) : before.nft,
  ]);
  const readings: Readings = { ip, bridge, nft };
  return { kind: "applied", readings } as const;
};

const unmetIn = (demands: readonly Demand[], observed: Observed): readonly string[] =>
  demands.flatMap((demand) => {
    const unmet = checkDemand(demand, observed);
    return unmet === null ? [] : `NIC ${demand.tap}: ${unmetText(unmet)}`;
  });

/** A failure after a mere expectation may have a reason that a look would have shown. */
const explain = async (failure: Converged, { kind }: Basis, desired: Desired, host: AskedHost) => {
  if (kind === "read") return failure;
  const observed = await observe(desired.scope, host).catch(() => null);
  const reasons = observed === null ? [] : unmetIn(desired.demands, observed);
  return reasons.length > 0 ? ({ kind: "refused", reasons } as const) : failure;
};

/**
 * Looks at the kernel, compares, changes, and looks again. A demand that is not met refuses before anything
 * is changed. Rejects when a tool cannot be started or answers nonsense.
 */
export const converge = async (desired: Desired, on: Host): Promise<Converged> => {
  await nextJob();
  const { scope } = desired;
  const host = toAsked(on);
  const before = await readBefore(scope, host);
  let observed = toObserved(scope, before.readings, host);
  const reasons = unmetIn(desired.demands, observed);
  if (reasons.length > 0) return { kind: "refused", reasons };
  const elsewhere = announcedElsewhere(desired.demands, observed);

  const steps: string[] = [];
  let basis = before;
  let made: Plan = [];
  // Twice, because other programs act on new devices too: udev may apply the host's sysctl.d to a tap after the hook.
  for (let round = 0; round < 2; round += 1) {
    const plan = toPlan(changesFor(desired, observed));
    if (plan.length === 0 && basis.kind === "read")
      return { kind: "converged", steps, missing: observed.missing, elsewhere };
    const from = basis;
    const applied = await applyAndRead(plan, from, scope, host);
    if (applied.kind === "stopped") {
      await undo([...made, ...plan.slice(0, applied.begun)], host);
      const failure = { kind: "failed", reason: describeStop(applied, plan.length) } as const;
      return await explain(failure, before, desired, host);
    }
    made = [...made, ...plan];
    steps.push(...plan.map(commandText));
    basis = { kind: "read", readings: applied.readings };
    observed = toObserved(scope, applied.readings, host);
  }
  const left = changesFor(desired, observed);
  if (left.length === 0) return { kind: "converged", steps, missing: observed.missing, elsewhere };
  await undo(made, host);
  const differs = left.map((change) => `${describeChanges([change])} (${subjectOf(change).kind})`).join(", ");
  const reason = `all ${made.length} steps were applied, but the kernel still differs: ${differs}`;
  return await explain({ kind: "failed", reason }, before, desired, host);
};
