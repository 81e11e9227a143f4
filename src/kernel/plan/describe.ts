import { type NonEmpty, never } from "../../values/brand.ts";
import { type Change, subjectOf } from "../facts/change.ts";
import { type Fact, factText } from "../facts/fact.ts";
import type { Applied, Step } from "../facts/step.ts";

/** Returns the subjects of changes in words: `VLAN 30-39 on web1-0`. */
export const changesText = ([first, ...more]: NonEmpty<Change<Fact>>): string =>
  factText([subjectOf(first), ...more.map(subjectOf)]);

/** Returns what all changes of a step are; of several kinds, they set what is there. */
export const changesKind = ([{ kind }, ...more]: NonEmpty<Change<Fact>>): Change<Fact>["kind"] =>
  more.every((one) => one.kind === kind) ? kind : "replace";

const VERBS = { add: "adding", replace: "setting", remove: "removing" } as const;

/** Returns what an operator reads when changes fail: `adding route 192.0.2.53/32 dev dns1-0`. */
export const describeChanges = (changes: NonEmpty<Change<Fact>>): string =>
  `${VERBS[changesKind(changes)]} ${changesText(changes)}`;

/** Returns what a step does. */
export const describeStep = ({ purpose }: Step): string => {
  switch (purpose.kind) {
    case "changes":
      return describeChanges(purpose.changes);
    case "empty-queue":
      return `emptying the queue of ${purpose.port}`;
    case "forget-learned":
      return `removing learned forwarding entries of ${purpose.port}`;
    case "close-port":
      return `blocking ${purpose.port} until its VLANs are set`;
    case "attach-port": {
      const { port, bridge, found } = purpose;
      const instead = found === null ? "not a bridge port" : `a port of ${found}`;
      return `attaching ${port} to ${bridge}: it is ${instead}`;
    }
    case "open-port":
      return `opening ${purpose.port}`;
    default:
      return never(purpose);
  }
};

/** Returns the position and reason of a stopped plan: `adding VLAN 20 …: RTNETLINK answers: … (3 of 5 steps applied)`. */
export const describeStop = (stop: Extract<Applied, { kind: "stopped" }>, steps: number): string => {
  const { failed, applied, begun, reason } = stop;
  const does = describeStep(failed);
  const unsaid = begun - applied;
  const where = unsaid > 1 ? `${does}, or one of the ${unsaid - 1} steps after it` : does;
  const made = unsaid > 0 ? `${applied} to ${begun}` : String(applied);
  return `${where}: ${reason} (${made} of ${steps} steps applied)`;
};
