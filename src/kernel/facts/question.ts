import type { IfName } from "../../values/names.ts";
import type { AskingTool } from "./answers.ts";

/** What is asked of ip(8) or bridge(8): `OBJECT VERB [dev DEV] [ARGS]`. */
export interface Question {
  readonly tool: AskingTool;
  readonly object: "link" | "address" | "route" | "neigh" | "vlan" | "fdb";
  readonly verb: "show" | "get";
  /** The device that it is about; null for all, or for what is no device's. */
  readonly dev: IfName | null;
  readonly args: string;
}

/** A question, and how its answer is read. */
export interface Query<Found> extends Question {
  readonly read: (documents: readonly unknown[]) => readonly Found[];
}

/** Returns the line of a batch that asks it. */
export const questionLine = ({ object, verb, dev, args }: Question): string =>
  [object, verb, ...(dev === null ? [] : ["dev", dev]), ...(args === "" ? [] : [args])].join(" ");
