import type { Demand } from "./demand.ts";
import type { Fact } from "./fact.ts";
import type { Scope } from "./scope.ts";

/** What should hold for a NIC or a guest, what must hold before, and how far we may go. */
export interface Desired {
  readonly facts: readonly Fact[];
  readonly demands: readonly Demand[];
  readonly scope: Scope;
}
