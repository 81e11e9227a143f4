import type { Answers } from "./answers.ts";
import type { Fact } from "./fact.ts";

export type Change =
  | { readonly kind: "add"; readonly to: Fact }
  | { readonly kind: "replace"; readonly from: Fact; readonly to: Fact }
  | { readonly kind: "remove"; readonly from: Fact };

/** What a change is about: the fact that will hold, or the one that ceases to. */
export const subjectOf = (change: Change): Fact => (change.kind === "remove" ? change.from : change.to);

/** The programs and files that change the host. `sysctl` is a write below /proc/sys, `sysfs` one below /sys. */
export type Tool = "ip" | "bridge" | "nft" | "sysctl" | "sysfs";

/** One line for one tool. It makes one change, or several of one range of VLANs. */
export interface Step {
  readonly tool: Tool;
  readonly line: string;
  /** What it does, in words an operator knows: `adding route 192.0.2.53/32 dev dns1-0`. */
  readonly does: string;
  /** The `ip` line that takes it back where a failure must not leave it; null for what goes with its device. */
  readonly undo: string | null;
}

export type Plan = readonly Step[];

export type Applied =
  | {
      readonly kind: "applied";
      readonly steps: number;
      /** What each tool said behind its last change; null when it changed nothing, or could not say all. */
      readonly shown: { readonly ip: Answers | null; readonly bridge: Answers | null };
    }
  | {
      readonly kind: "stopped";
      readonly applied: number;
      /** How many may have been made: more than `applied` where a tool was ended before it could say. */
      readonly begun: number;
      readonly failed: Step;
      readonly reason: string;
    };
