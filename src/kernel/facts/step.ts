import type { NonEmpty } from "../../values/brand.ts";
import type { IfName } from "../../values/names.ts";
import type { Answers } from "./question.ts";
import type { Change } from "./change.ts";
import type { Undoable } from "./command.ts";
import type { Fact } from "./fact.ts";

/** The purpose of a step: changes of facts of one kind, or work around them. */
export type Purpose =
  | { readonly kind: "changes"; readonly changes: NonEmpty<Change<Fact>> }
  | { readonly kind: "empty-queue" | "forget-learned" | "close-port" | "open-port"; readonly port: IfName }
  /** A tap becomes a port again; `found` is the device that it was a port of, or null. */
  | {
      readonly kind: "attach-port";
      readonly port: IfName;
      readonly bridge: IfName;
      readonly found: string | null;
    };

/** One command, and what it changes. */
export type Step = Undoable & { readonly purpose: Purpose };

export type Plan = readonly Step[];

/** The progress of a plan. */
export type Applied =
  | {
      readonly kind: "applied";
      readonly steps: number;
      /** Answers of each tool after its last change; null if it changed nothing, or could not answer all. */
      readonly answers: { readonly ip: Answers | null; readonly bridge: Answers | null };
    }
  | {
      readonly kind: "stopped";
      readonly applied: number;
      /** Upper bound of the applied changes: more than `applied` if a tool was ended before it reported. */
      readonly begun: number;
      readonly failed: Step;
      readonly reason: string;
    };
