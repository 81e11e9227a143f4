import type { NonEmpty } from "../../values/brand.ts";
import type { IfName } from "../../values/names.ts";
import type { Host } from "../host.ts";
import type { Change } from "./change.ts";
import type { Undoable } from "./command.ts";
import type { Slot } from "./order.ts";
import type { Query } from "./question.ts";
import type { Scope } from "./scope.ts";

/** How facts of a kind are read from the kernel, within a scope. */
export type Observe<F> =
  | { readonly from: "questions"; queries(scope: Scope): readonly Query<F>[] }
  /** The output of `nft -j list table FAMILY guestnet`. */
  | {
      readonly from: "table";
      readonly family: "inet" | "bridge";
      isWanted(scope: Scope): boolean;
      read(document: unknown, scope: Scope): readonly F[];
    }
  | { readonly from: "files"; read(scope: Scope, host: Host): readonly F[] }
  /** From the VLANs of all ports together: see observe/uplink.ts. */
  | { readonly from: "ports" };

/** The definition of one kind of fact. */
export interface FactKind<F> {
  /** Returns the identity within the kind: two facts with one key exclude each other, everything else is their value. */
  key(fact: F): string;
  /** Returns the device that the fact hangs off and vanishes with; null for an independent one. */
  device(fact: F): IfName | null;
  /** @param isPort whether a device is a bridge port in the same plan */
  slot(change: Change<F>, isPort: (dev: IfName) => boolean): Slot;
  /** Returns whether two changes side by side, both removals or neither, share their commands. Without it none do. */
  joins?(before: F, next: F, removes: boolean): boolean;
  /** Returns what makes facts true: one, or all that {@link joins} has put together. */
  add(facts: NonEmpty<F>): readonly Undoable[];
  /** Returns what takes them away. Without it, what is observed and not desired stays, as settings and flags do. */
  remove?(facts: NonEmpty<F>): readonly Undoable[];
  /** Returns what makes a fact another. Without it, adding overwrites. */
  replace?(from: F, to: F): readonly Undoable[];
  /** Returns facts in words: `VLAN 20 pvid untagged on web1-0`. */
  describe(facts: NonEmpty<F>): string;
  readonly observe: Observe<F>;
}
