import type { Change } from "../facts/change.ts";
import type { Fact } from "../facts/fact.ts";
import { deviceOf, type HostState } from "../facts/host-state.ts";

/** What of a scope is wholly ours, so that what is there and not desired goes. Settings and flags only ever get another value. */
const isRemovable = (fact: Fact): boolean => {
  switch (fact.kind) {
    case "tap":
    case "tap-draft":
    case "port-vlan":
    case "fdb":
    case "address":
    case "route":
    case "neigh":
    case "neigh-proxy":
    case "port-group":
    case "guard":
    case "uplink-vlan":
      return true;
    // A link's settings go with its tap.
    case "link":
    case "port-flag":
    case "sysctl":
    case "source-check":
    case "guard-rules":
    case "followed":
      return false;
  }
};

const equal = (a: Fact, b: Fact): boolean => JSON.stringify(a) === JSON.stringify(b);

/** What a remade tap takes with it is as if it had never been seen. */
const withoutRemade = (desired: HostState, observed: HostState): HostState => {
  const remade = new Set<string>();
  for (const [key, fact] of observed) {
    const wanted = desired.get(key);
    if (fact.kind === "tap" && wanted !== undefined && !equal(fact, wanted)) remade.add(fact.dev);
  }
  if (remade.size === 0) return observed;
  const stays = ([, fact]: readonly [string, Fact]): boolean => {
    if (fact.kind === "tap") return true;
    if (fact.kind === "sysctl") return ![...remade].some((dev) => fact.name.includes(`/conf/${dev}/`));
    return !remade.has(deviceOf(fact) ?? "");
  };
  return new Map([...observed].filter(stays));
};

/**
 * A device that gets another VRF goes down and up for it, which takes its routes and neighbours (cycle_netdev, drivers/net/vrf.c);
 * another MAC address takes its neighbours (neigh_changeaddr, net/core/neighbour.c).
 */
const withoutMoved = (desired: HostState, observed: HostState): HostState => {
  const gone = new Set<string>();
  for (const [key, fact] of observed) {
    const wanted = desired.get(key);
    if (fact.kind !== "link" || wanted?.kind !== "link") continue;
    if (fact.master !== wanted.master) gone.add(`route ${fact.dev}`);
    if (fact.master !== wanted.master || fact.mac !== wanted.mac) gone.add(`neigh ${fact.dev}`);
  }
  if (gone.size === 0) return observed;
  return new Map([...observed].filter(([, fact]) => !gone.has(`${fact.kind} ${deviceOf(fact) ?? ""}`)));
};

/** What dies with a tap needs no line of its own. */
const diesWithTap = (fact: Fact, desired: HostState, observed: HostState): boolean => {
  const dev = deviceOf(fact);
  const tap = `tap ${dev ?? ""}`;
  return fact.kind !== "tap" && observed.has(tap) && !desired.has(tap);
};

/** The changes that make the observed state the desired one. Neither order nor tools: see order.ts and batch.ts. */
export const diff = (desired: HostState, seen: HostState): readonly Change[] => {
  const observed = withoutMoved(desired, withoutRemade(desired, seen));
  const changes: Change[] = [];
  for (const [key, to] of desired) {
    const from = observed.get(key);
    if (from === undefined) changes.push({ kind: "add", to });
    else if (!equal(from, to)) changes.push({ kind: "replace", from, to });
  }
  for (const [key, from] of observed) {
    if (desired.has(key) || !isRemovable(from) || diesWithTap(from, desired, observed)) continue;
    changes.push({ kind: "remove", from });
  }
  return changes;
};
