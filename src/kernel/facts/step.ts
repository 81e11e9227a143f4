import type { NonEmpty } from "../../values/brand.ts";
import type { IfName } from "../../values/names.ts";
import type { Answers } from "./question.ts";
import type { Change } from "./change.ts";
import type { Undoable } from "./command.ts";
import type { Fact } from "./fact.ts";

/** What a step is for: changes of facts of one kind, or what has to be done around them. */
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

/** How far a plan was carried out. */
export type Applied =
  | {
      readonly kind: "applied";
      readonly steps: number;
      /** What each tool answered behind its last change; null when it changed nothing, or could not answer all. */
      readonly answers: { readonly ip: Answers | null; readonly bridge: Answers | null };
    }
  | {
      readonly kind: "stopped";
      readonly applied: number;
      /** How many may have been made: more than `applied` where a tool was ended before it could say. */
      readonly begun: number;
      readonly failed: Step;
      readonly reason: string;
    };
