import { never } from "../values/brand.ts";
import type { Change, Step } from "../kernel/facts/change.ts";
import type { Fact } from "../kernel/facts/fact.ts";
import { nameOf } from "../kernel/plan/describe.ts";
import type { NicState } from "./compare.ts";

const isPlain = (value: unknown): value is string | number | boolean =>
  typeof value === "string" || typeof value === "number" || typeof value === "boolean";

/** What of a fact is otherwise: `mtu 1500, found 1400`. */
const otherwise = (from: Fact, to: Fact): string => {
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

/** A difference in words: `missing: VLAN 20 pvid untagged on web1-0`. */
export const describeDifference = (change: Change): string => {
  switch (change.kind) {
    case "add":
      return `missing: ${nameOf(change.to)}`;
    case "remove":
      return `not its own: ${nameOf(change.from)}`;
    case "replace":
      return `otherwise: ${nameOf(change.to)}: ${otherwise(change.from, change.to)}`;
    default:
      return never(change);
  }
};

/** Everything that is wrong with a NIC, for people; empty when nothing is. */
export const wrongWith = (state: NicState): readonly string[] => {
  switch (state.kind) {
    case "ok":
    case "coming":
      return [];
    case "down":
      return ["its tap is switched off"];
    case "refused":
      return state.reasons;
    case "drift":
      return [
        ...(state.rejoin === null
          ? []
          : [`missing: ${state.rejoin.port} as a port of ${state.rejoin.bridge}`]),
        ...state.changes.map(describeDifference),
      ];
    default:
      return never(state);
  }
};

const REASONS = [
  [/^adding (.*)$/, "missing: $1"],
  [/^removing (.*)$/, "not its own: $1"],
  [/^setting (.*)$/, "otherwise: $1"],
] as const;

/** Why a step is there, in the words of {@link describeDifference}. */
export const reasonOf = ({ does }: Step): string => {
  const found = REASONS.find(([pattern]) => pattern.test(does));
  return found === undefined ? does : does.replace(found[0], found[1]);
};
