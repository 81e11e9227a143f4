import type { Change } from "../facts/change.ts";
import type { Desired } from "../facts/desired.ts";
import { deviceOf, equal, type Fact, type HostState, hostState, keyOf, kindOf } from "../facts/fact.ts";
import type { Observed } from "../facts/observed.ts";
import { withNextHops } from "./next-hop.ts";

/** Removes facts that disappear with a recreated tap. */
const withoutRemade = (desired: HostState, observed: HostState): HostState => {
  const remade = new Set<string>();
  for (const [key, fact] of observed) {
    const wanted = desired.get(key);
    if (fact.kind === "tap" && wanted !== undefined && !equal(fact, wanted)) remade.add(fact.dev);
  }
  if (remade.size === 0) return observed;
  return new Map(
    [...observed].filter(([, fact]) => fact.kind === "tap" || !remade.has(deviceOf(fact) ?? "")),
  );
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

/** The devices whose tap goes: what hangs off them dies with it, and needs no step of its own. */
const goneTaps = (desired: HostState, observed: HostState): ReadonlySet<string> =>
  new Set(
    [...observed.values()].flatMap((fact) =>
      fact.kind === "tap" && !desired.has(keyOf(fact)) ? [fact.dev] : [],
    ),
  );

/** Returns the changes that make the observed state the desired one. Neither their order nor their commands: see plan.ts. */
export const diff = (desired: HostState, seen: HostState): readonly Change<Fact>[] => {
  const observed = withoutMoved(desired, withoutRemade(desired, seen));
  const changes: Change<Fact>[] = [];
  for (const [key, to] of desired) {
    const from = observed.get(key);
    if (from === undefined) changes.push({ kind: "add", to });
    else if (!equal(from, to)) changes.push({ kind: "replace", from, to });
  }
  const gone = goneTaps(desired, observed);
  for (const [key, from] of observed) {
    const dies = from.kind !== "tap" && gone.has(deviceOf(from) ?? "");
    if (desired.has(key) || kindOf(from).remove === undefined || dies) continue;
    changes.push({ kind: "remove", from });
  }
  return changes;
};

/** Returns what has to change: for the NIC's own sake, and for what its bridge needs of the uplinks. */
export const changesFor = (desired: Desired, observed: Observed): readonly Change<Fact>[] =>
  diff(hostState([...withNextHops(desired.facts, observed), ...observed.wanted]), observed.facts);
