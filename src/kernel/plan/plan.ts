import { type Change, type Plan, type Step, subjectOf } from "../facts/change.ts";
import type { FdbFact, PortFlagFact, PortVlanFact } from "../facts/fact.ts";
import type { IfName } from "../../values/names.ts";
import { renderRange, toRanges, vidSet } from "../../values/vid.ts";
import { order } from "./order.ts";
import { onOff, vlanFlags } from "./describe.ts";
import { stepsOf } from "./step.ts";

/** Changes side by side that one line can make together. */
type Run =
  | { readonly kind: "vlans"; readonly removes: boolean; readonly facts: readonly PortVlanFact[] }
  | { readonly kind: "flags"; readonly facts: readonly PortFlagFact[] }
  | { readonly kind: "fdb"; readonly facts: readonly FdbFact[] }
  | { readonly kind: "single"; readonly change: Change };

const toRun = (change: Change): Run => {
  const fact = subjectOf(change);
  const removes = change.kind === "remove";
  // A port has one PVID, so that line stands alone; a removal goes by VLAN ID and ignores flags.
  if (fact.kind === "port-vlan" && (removes || !fact.pvid)) return { kind: "vlans", removes, facts: [fact] };
  if (fact.kind === "port-flag") return { kind: "flags", facts: [fact] };
  if (fact.kind === "fdb" && !removes) return { kind: "fdb", facts: [fact] };
  return { kind: "single", change };
};

const samePort = (a: Run, b: Run): boolean => {
  if (a.kind === "single" || b.kind === "single") return false;
  return a.facts[0]?.port === b.facts[0]?.port;
};

/** The two as one, or null when they need lines of their own. */
const merge = (a: Run, b: Run): Run | null => {
  if (!samePort(a, b)) return null;
  if (a.kind === "vlans" && b.kind === "vlans") {
    const same = a.removes === b.removes && (a.removes || a.facts[0]?.untagged === b.facts[0]?.untagged);
    return same ? { ...a, facts: [...a.facts, ...b.facts] } : null;
  }
  if (a.kind === "flags" && b.kind === "flags") return { kind: "flags", facts: [...a.facts, ...b.facts] };
  const sameMac = a.kind === "fdb" && b.kind === "fdb" && a.facts[0]?.mac === b.facts[0]?.mac;
  return sameMac ? { kind: "fdb", facts: [...a.facts, ...b.facts] } : null;
};

const vlanSteps = (facts: readonly PortVlanFact[], removes: boolean): readonly Step[] =>
  toRanges(vidSet(facts.map(({ vid }) => vid))).map((range) => {
    const [fact] = facts;
    const port = fact?.port ?? "";
    const vids = renderRange(range);
    const flags = fact === undefined || removes ? "" : vlanFlags(fact);
    return {
      tool: "bridge",
      line: `vlan ${removes ? "del" : "add"} dev ${port} vid ${vids}${flags}`,
      does: `${removes ? "removing" : "adding"} VLAN ${vids} on ${port}`,
      undo: null,
    };
  });

const flagStep = (facts: readonly PortFlagFact[]): Step => {
  const port = facts[0]?.port ?? "";
  const flags = facts.map(({ flag, on }) => `${flag} ${onOff(on)}`).join(" ");
  // Not `ip link set … type bridge_slave`: the VLANs need bridge(8) anyway, and a process costs more than all its lines.
  return {
    tool: "bridge",
    line: `link set dev ${port} ${flags}`,
    does: `setting ${facts.map(({ flag, on }) => `${flag} ${onOff(on)}`).join(", ")} for ${port}`,
    undo: null,
  };
};

/**
 * Without `vlan` the kernel makes one entry for each VLAN that the port has at that moment: by now the right ones. An entry that is
 * there, on whatever port, becomes this one (fdb_add_entry, net/bridge/br_fdb.c).
 */
const fdbStep = ([fact, ...more]: readonly FdbFact[]): Step => {
  const { port = "", mac = "", vid = "", sticky = false } = fact ?? {};
  const vlan = more.length === 0 ? ` vlan ${String(vid)}` : "";
  return {
    tool: "bridge",
    line: `fdb replace ${mac} dev ${port}${vlan} master static${sticky ? " sticky" : ""}`,
    does: `adding forwarding entries ${mac} on ${port}`,
    undo: null,
  };
};

/**
 * Frames of a VLAN that the port was in by mistake may wait in the tap's queue: libvirt sets a tap up as a port of the
 * bridge, in its default VLAN, before QEMU reads from it. They would reach the guest later, whatever VLAN the port is in
 * by then. Another queue length makes the driver build a new ring, without them (tun_queue_resize, drivers/net/tun.c); this
 * one comes after the last VLAN has been closed.
 */
const emptyQueue = (port: IfName): readonly Step[] =>
  [0, TUN_QUEUE].map((length): Step => ({
    tool: "sysfs",
    line: `class/net/${port}/tx_queue_len=${length}`,
    does: `emptying the queue of ${port}`,
    undo: null,
  }));
// What the driver gives every tap, and libvirt leaves alone.
const TUN_QUEUE = 1000;

const toSteps = (run: Run): readonly Step[] => {
  switch (run.kind) {
    case "vlans":
      return vlanSteps(run.facts, run.removes);
    case "flags":
      return [flagStep(run.facts)];
    case "fdb":
      return [fdbStep(run.facts)];
    case "single":
      return stepsOf(run.change);
  }
};

/**
 * The changes as lines in order. A hundred neighbouring VLANs of one port are one line, `vid 100-199`, which the
 * kernel takes in one message: such a trunk costs what one VLAN costs.
 */
export const toPlan = (changes: readonly Change[]): Plan => {
  const runs: Run[] = [];
  for (const run of order(changes).map(toRun)) {
    const open = runs.at(-1);
    const merged = open === undefined ? null : merge(open, run);
    if (merged === null) runs.push(run);
    else runs[runs.length - 1] = merged;
  }
  const closed = runs.flatMap((run) =>
    run.kind === "vlans" && run.removes ? (run.facts[0]?.port ?? []) : [],
  );
  // Behind all lines for bridge(8), so that those are one process, and before what else is written.
  return [...runs.flatMap(toSteps), ...[...new Set(closed)].flatMap(emptyQueue)];
};
