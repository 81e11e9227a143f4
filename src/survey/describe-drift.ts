import { never } from "../values/brand.ts";
import { type Change, subjectOf } from "../kernel/facts/change.ts";
import { unmetText } from "../kernel/facts/demand.ts";
import { type Fact, factText } from "../kernel/facts/fact.ts";
import type { Step } from "../kernel/facts/step.ts";
import { changesKind, changesText, describeStep } from "../kernel/plan/describe.ts";
import type { NicState } from "./compare.ts";
import type { Reattach } from "./reattach.ts";

const isPlain = (value: unknown): value is string | number | boolean =>
  typeof value === "string" || typeof value === "number" || typeof value === "boolean";

/** Returns how a fact differs: `mtu 1500, found 1400`. */
const differing = (from: Fact, to: Fact): string => {
  const found = new Map<string, unknown>(Object.entries(from));
  return Object.entries(to)
    .filter(([key, value]) => JSON.stringify(found.get(key)) !== JSON.stringify(value))
    .map(([key, value]: [string, unknown]) => {
      const old = found.get(key);
      return isPlain(value) && isPlain(old)
        ? `${key} ${String(value)}, found ${String(old)}`
        : `other ${key}`;
    })
    .join(", ");
};

const DIFFERENCE = { add: "missing", replace: "differs", remove: "unexpected" } as const;

/** Returns a difference in words: `missing: VLAN 20 pvid untagged on web1-0`. */
export const describeDrift = (change: Change<Fact>): string => {
  const text = `${DIFFERENCE[change.kind]}: ${factText([subjectOf(change)])}`;
  return change.kind === "replace" ? `${text}: ${differing(change.from, change.to)}` : text;
};

const reattachText = ({ port, bridge, joined }: Reattach): string =>
  joined ? `${port} is down, as a new port of ${bridge}` : `missing: ${port} as a port of ${bridge}`;

/** Returns everything that is wrong with a NIC, for people; empty when nothing is. */
export const wrongWith = (state: NicState): readonly string[] => {
  switch (state.kind) {
    case "ok":
    case "incoming":
      return [];
    case "down":
      return ["the tap is down"];
    case "blocked":
      return [...new Set(state.unmet.map(unmetText))];
    case "drift":
      return [
        ...(state.reattach === null ? [] : [reattachText(state.reattach)]),
        ...state.changes.map(describeDrift),
      ];
    default:
      return never(state);
  }
};

/** Returns why a step is there, in the words of {@link describeDrift}. */
export const reasonOf = (step: Step): string =>
  step.purpose.kind === "changes"
    ? `${DIFFERENCE[changesKind(step.purpose.changes)]}: ${changesText(step.purpose.changes)}`
    : describeStep(step);
