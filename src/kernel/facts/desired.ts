import type { Demand } from "./demand.ts";
import type { Fact } from "./fact.ts";
import { combineScopes, type Scope } from "./scope.ts";

/** Facts that should hold for a NIC or a guest, demands that must hold before, and facts that may be removed. */
export interface Desired {
  readonly facts: readonly Fact[];
  readonly demands: readonly Demand[];
  readonly scope: Scope;
}

/** Returns what several NICs desire as one. */
export const combine = (parts: readonly Desired[]): Desired => ({
  facts: [...new Set(parts.flatMap(({ facts }) => facts))],
  demands: [...new Set(parts.flatMap(({ demands }) => demands))],
  scope: combineScopes(parts.map(({ scope }) => scope)),
});
