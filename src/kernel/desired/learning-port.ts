import type { Desired } from "../facts/desired.ts";
import type { Fact } from "../facts/fact.ts";
import { type BridgeNic, macsOf } from "../../guest/nic.ts";
import { guardRulesFact } from "../facts/filter/guard-rules.ts";
import { ARRIVING_GROUPS, LEARNING_GROUPS } from "../facts/port/port-group.ts";
import { desiredBridgePort, macSources } from "./bridge-port.ts";

const asItLearns = (fact: Fact): readonly Fact[] => {
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

/** A port on which the bridge learns, and nftables sees to it that it learns from the guest's own MAC addresses alone. */
const learningPort = (
  nic: BridgeNic,
  groups: typeof ARRIVING_GROUPS | typeof LEARNING_GROUPS,
  evpn: boolean,
): Desired => {
  const complete = desiredBridgePort(nic);
  const { tap: port, attachment } = nic;
  const { bridge, policy } = attachment;
  if (!policy.antispoof) return complete;
  const group = policy.guard === null ? groups.plain : groups.guarded;
  return {
    ...complete,
    facts: [
      guardRulesFact,
      { kind: "port-group", port, group },
      ...macSources(port, macsOf(nic)),
      ...(evpn ? [{ kind: "link-local-learning", bridge, on: false } as const] : []),
      ...complete.facts
        .filter(({ kind }) => kind !== "guard-rules" && !(evpn && kind === "link-local-learning"))
        .flatMap(asItLearns),
    ],
    scope: { ...complete.scope, ...(evpn ? { learningBridges: [bridge] } : {}) },
  };
};

/**
 * The port of a guest that still runs on the host it comes from, complete but for how its MAC addresses are held to it. A forwarding
 * entry would draw what the neighbours here send to the guest into a tap that QEMU does not read yet, and a locked port without one lets
 * nothing in at all. So the bridge learns, as between any two switches.
 */
export const desiredArrivingPort = (nic: BridgeNic, evpn: boolean): Desired =>
  learningPort(nic, ARRIVING_GROUPS, evpn);

/**
 * The port of a guest that runs here, on a bridge with EVPN. A BGP daemon announces a sticky entry as an address that never moves, and
 * the other hosts refuse the guest's move (FRR, zebra_evpn_mac.c; RFC 7432, section 15.2). A static one that is not sticky, on a
 * locked port, would go with the first forged frame on an uplink, and cut the guest off. A learned one comes back with the guest's
 * next frame, and is what the daemon expects of a guest.
 */
export const desiredEvpnPort = (nic: BridgeNic): Desired => learningPort(nic, LEARNING_GROUPS, true);
