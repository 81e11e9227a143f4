import type { NonEmpty } from "../../values/brand.ts";
import type { IfName } from "../../values/names.ts";
import { type Change, subjectOf } from "../facts/change.ts";
import type { Undoable } from "../facts/command.ts";
import { type Fact, kindOf } from "../facts/fact.ts";
import { inOrder, type Slot } from "../facts/order.ts";
import { forgetLearned } from "../facts/port/port-flag.ts";
import { emptyQueue } from "../facts/port/port-vlan.ts";
import type { Plan, Purpose } from "../facts/step.ts";

/** Changes side by side that one command makes together. */
type Batch = NonEmpty<Change<Fact>>;

const joins = (batch: Batch, next: Change<Fact>): boolean => {
  const before = batch.at(-1) ?? batch[0];
  const [from, to] = [subjectOf(before), subjectOf(next)];
  const removes = next.kind === "remove";
  if (from.kind !== to.kind || (before.kind === "remove") !== removes) return false;
  return kindOf(to).joins?.(from, to, removes) ?? false;
};

const toBatches = (changes: readonly Change<Fact>[]): readonly Batch[] => {
  const batches: Batch[] = [];
  for (const change of changes) {
    const open = batches.at(-1);
    if (open !== undefined && joins(open, change)) batches[batches.length - 1] = [...open, change];
    else batches.push([change]);
  }
  return batches;
};

const commandsOf = (changes: Batch): readonly Undoable[] => {
  const [first, ...more] = changes;
  const kind = kindOf(subjectOf(first));
  if (first.kind === "replace" && more.length === 0 && kind.replace !== undefined)
    return kind.replace(first.from, first.to);
  const facts: NonEmpty<Fact> = [subjectOf(first), ...more.map(subjectOf)];
  if (first.kind !== "remove") return kind.add(facts);
  if (kind.remove === undefined) throw new Error(`a ${first.from.kind} is never removed`);
  return kind.remove(facts);
};

/** Commands of one purpose, and when they come. */
interface Item {
  readonly slot: Slot;
  readonly commands: readonly Undoable[];
  readonly purpose: Purpose;
}

/** The ports that leave a VLAN: what waits for their guests may be of that VLAN. */
const closedPorts = (changes: readonly Change<Fact>[]): ReadonlySet<IfName> =>
  new Set(
    changes.flatMap((change) =>
      change.kind === "remove" && change.from.kind === "port-vlan" ? [change.from.port] : [],
    ),
  );

/** Returns the ports that a plan locks. */
const lockedPorts = (changes: readonly Change<Fact>[]): ReadonlySet<IfName> =>
  new Set(
    changes.flatMap((change) =>
      change.kind !== "remove" &&
      change.to.kind === "port-flag" &&
      change.to.flag === "locked" &&
      change.to.on
        ? [change.to.port]
        : [],
    ),
  );

/** Returns the changes as steps, in {@link ORDER}. */
export const toPlan = (changes: readonly Change<Fact>[]): Plan => {
  const ports = new Set(changes.map(subjectOf).flatMap((fact) => ("port" in fact ? [fact.port] : [])));
  const slotOf = (change: Change<Fact>): Slot =>
    kindOf(subjectOf(change)).slot(change, (dev) => ports.has(dev));
  const ordered = inOrder(changes.map((change) => ({ slot: slotOf(change), change })));
  const items = [
    ...toBatches(ordered.map(({ change }) => change)).map((batch): Item => ({
      slot: slotOf(batch[0]),
      commands: commandsOf(batch),
      purpose: { kind: "changes", changes: batch },
    })),
    ...[...lockedPorts(changes)].map((port): Item => ({
      slot: "forget learned",
      commands: forgetLearned(port),
      purpose: { kind: "forget-learned", port },
    })),
    ...[...closedPorts(changes)].map((port): Item => ({
      slot: "empty queue",
      commands: emptyQueue(port),
      purpose: { kind: "empty-queue", port },
    })),
  ];
  return inOrder(items).flatMap(({ commands, purpose }) =>
    commands.map((command) => ({ ...command, purpose })),
  );
};
