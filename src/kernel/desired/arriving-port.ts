import type { Desired } from "../facts/desired.ts";
import type { Fact } from "../facts/fact.ts";
import { type BridgeNic, macsOf } from "../../guest/nic.ts";
import { guardRulesFact } from "../facts/filter/guard-rules.ts";
import { ARRIVING_GROUPS } from "../facts/port/port-group.ts";
import { desiredBridgePort, macSources } from "./bridge-port.ts";

const asItArrives = (fact: Fact): readonly Fact[] => {
  switch (fact.kind) {
    case "fdb":
    case "port-group":
      return [];
    case "port-flag":
      if (fact.flag === "learning") return [{ ...fact, on: true }];
      return [fact.flag === "locked" ? { ...fact, on: false } : fact];
    default:
      return [fact];
  }
};

/**
 * The port of a guest that still runs on the host it comes from, complete but for how its MAC addresses are held to it. A forwarding
 * entry would draw what the neighbours here send to the guest into a tap that QEMU does not read yet, and a locked port without one lets
 * nothing in at all. So the bridge learns, as between any two switches, and nftables sees to it that it learns from the guest's
 * own addresses alone.
 */
export const desiredArrivingPort = (nic: BridgeNic): Desired => {
  const complete = desiredBridgePort(nic);
  const { tap: port, attachment } = nic;
  const { antispoof, guard } = attachment.policy;
  if (!antispoof) return complete;
  const group = guard === null ? ARRIVING_GROUPS.plain : ARRIVING_GROUPS.guarded;
  return {
    ...complete,
    facts: [
      guardRulesFact,
      { kind: "port-group", port, group },
      ...macSources(port, macsOf(nic)),
      ...complete.facts.filter(({ kind }) => kind !== "guard-rules").flatMap(asItArrives),
    ],
  };
};
