import type { RoutedNic } from "../../guest/nic.ts";
import { FORWARDING } from "../../kernel/facts/demand.ts";
import type { Address } from "../../values/address.ts";
import { type Family, toHostPrefix } from "../../values/address.ts";
import { MAIN_ID } from "../../values/route-table.ts";
import { type End, ends, judged, type Looked, passes, type Step } from "../hop.ts";
import type { Packet } from "../packet.ts";
import type { GuestParty } from "../party.ts";
import { type Answer, DISCARDS, type Lookup, type Route } from "../sight/route.ts";
import type { Sight } from "../sight/sight.ts";

/** A guest behind a tap of its own. */
export type RoutedGuest = GuestParty & { readonly nic: RoutedNic };

/** The VRF that a device is in, as its master. */
export const vrfOf = (dev: string | null, { links }: Sight): string | null => {
  const master = dev === null ? null : (links.get(dev)?.master ?? null);
  return master !== null && links.get(master)?.vrf !== null ? master : null;
};

const wordOf = (answer: Answer | null): string => (answer?.kind === "refused" ? answer.error : "");

/** The table that a NIC's routes are in, by its number. */
const tableId = ({ nic: { attachment }, sight }: RoutedGuest): number | null => {
  const { table } = attachment;
  if (table.kind === "table") return table.id;
  return table.kind === "vrf" ? (sight.links.get(table.vrf)?.vrf?.table ?? null) : MAIN_ID;
};

/** Whether packets of the tap are routed by the table of its routes: a VRF's needs the rule `l3mdev` (ip-rule(8)). */
export function* tableStep(guest: RoutedGuest): Generator<Step, void> {
  const { nic, sight } = guest;
  const { table } = nic.attachment;
  if (table.kind === "main") return;
  const id = tableId(guest);
  const rule = sight.rules.find((one) => (table.kind === "vrf" ? one.vrf : one.table === id));
  const looked: Looked = { kind: "table", dev: nic.tap, table, priority: rule?.priority ?? null };
  const isIn = table.kind === "table" || sight.links.get(nic.tap)?.master === table.vrf;
  if (!isIn) yield ends(looked, { kind: "other-vrf", vrf: table.vrf });
  else yield judged(looked, rule === undefined ? { kind: "no-rule" } : null);
}

const lengthOf = ({ to }: Route): number => (to === null ? 0 : Number(to.split("/")[1]));

/** The best of the routes to an address in a table: the longest, and of these the one with the lowest metric. */
const bestIn = (table: number | null, address: Address, { covering }: Sight): Route | null =>
  [...covering(address)]
    .filter((route) => route.table === table)
    .sort((a, b) => lengthOf(b) - lengthOf(a) || a.metric - b.metric)[0] ?? null;

/** Whether the guest's address is routed to its tap. */
export const ownRouteStep = (guest: RoutedGuest, address: Address): Step => {
  const { nic, sight } = guest;
  const table = tableId(guest);
  const looked: Looked = { kind: "own-route", address, dev: nic.tap, table };
  const best = bestIn(table, address, sight);
  if (best === null || lengthOf(best) === 0) return ends(looked, { kind: "no-route" });
  if (DISCARDS.has(best.type)) return ends(looked, { kind: "discarded", type: best.type });
  if (best.dev === nic.tap) return passes(looked);
  const exact = best.to === toHostPrefix(address);
  return ends(looked, exact ? { kind: "elsewhere", dev: best.dev } : { kind: "no-route" });
};

export const isOwnRoute = (answer: Answer | null, dev: string): boolean | null =>
  answer === null ? null : answer.kind === "route" && answer.route.dev === dev;

/** The settings without which the kernel forwards nothing that comes in by a device (ip-sysctl, "forwarding"). */
export function* forwardingSteps(dev: string, family: Family, sight: Sight): Generator<Step, void> {
  const vrf = vrfOf(dev, sight);
  const names = [
    FORWARDING[family],
    `net/${family}/conf/${dev}/forwarding`,
    ...(vrf !== null && family === "ipv4" ? [`net/ipv4/conf/${vrf}/forwarding`] : []),
  ];
  const off = names.find((name) => sight.setting(name) === "0");
  const looked: Looked = { kind: "forwarding", dev, setting: off ?? FORWARDING[family] };
  yield judged(looked, off === undefined ? null : { kind: "off" });
}

const MODES = ["off", "strict", "loose"] as const;

/** The mode of the reverse path filter: the stricter of all devices' and its own (ip-sysctl, "rp_filter"). */
const modeOf = (dev: string, { setting }: Sight): (typeof MODES)[number] => {
  const values = ["all", dev].map((one) => Number(setting(`net/ipv4/conf/${one}/rp_filter`)));
  return MODES[Math.max(...values)] ?? "off";
};

/**
 * The reverse path filter of IPv4: a refused lookup is its doing where the route back to the sender leaves by another device. The
 * kernel reports only an invalid argument. It looks for that route as if the answer came in by the device that the packet
 * leaves by (fib_validate_source, net/ipv4/fib_frontend.c).
 *
 * @param out the device that the packet leaves by; null where that is not known
 */
export function* reversePathStep(
  lookup: Lookup,
  out: string | null,
  packet: Packet,
  sight: Sight,
): Generator<Step, void> {
  const { in: dev, from, to } = lookup;
  if (packet.family !== "ipv4" || dev === null || from === null) return;
  const mode = modeOf(dev, sight);
  const looked: Looked = { kind: "reverse-path", dev, address: from, mode };
  const back =
    out === null
      ? sight.lookup({ to: from, from: null, in: null, out: vrfOf(dev, sight) })
      : sight.lookup({ to: from, from: to, in: out, out: null });
  const through = back?.kind === "route" ? back.route.dev : null;
  const refused = wordOf(sight.lookup(lookup)).includes("Invalid");
  const filtersOut =
    refused && ((mode === "strict" && through !== dev) || (mode === "loose" && through === null));
  yield judged(looked, filtersOut ? { kind: "unreachable-back", back: through } : null);
}

/** Why the kernel found no route: a route that discards covers the address, or none does. */
const refusalOf = (to: Address, error: string, { covering }: Sight): End => {
  const discard = covering(to).find(({ type }) => DISCARDS.has(type));
  if (discard !== undefined) return { kind: "discarded", type: discard.type };
  return /unreachable|No route/i.test(error) ? { kind: "no-route" } : { kind: "refused", error };
};

/** The kernel's own lookup for a packet. @param wanted the device that it must leave by; null for any */
export function* routeStep(
  lookup: Lookup,
  sight: Sight,
  wanted: string | null,
): Generator<Step, Route | null> {
  const answer = sight.lookup(lookup);
  const route = answer?.kind === "route" ? answer.route : null;
  const looked: Looked = {
    ...({ kind: "route", to: lookup.to, dev: route?.dev ?? null } as const),
    ...{ via: route?.via ?? null, table: route?.table ?? null },
  };
  if (route === null) yield ends(looked, refusalOf(lookup.to, wordOf(answer), sight));
  else if (DISCARDS.has(route.type)) yield ends(looked, { kind: "discarded", type: route.type });
  else
    yield judged(
      looked,
      wanted === null || route.dev === wanted ? null : { kind: "elsewhere", dev: route.dev },
    );
  return route;
}

export function* conntrackStep({ setting }: Sight): Generator<Step, void> {
  const [count, max] = ["count", "max"].map((name) => setting(`net/netfilter/nf_conntrack_${name}`));
  if (count === null || count === undefined || max === null || max === undefined) return;
  const looked: Looked = { kind: "conntrack", count: Number(count), max: Number(max) };
  yield judged(looked, Number(count) >= Number(max) ? { kind: "full" } : null);
}

/** The neighbour that a packet is handed to. @param macs those of the guest that has the address; null where others may have it, too */
export const neighbourStep = (
  address: Address,
  dev: string,
  macs: readonly string[] | null,
  { neighbours }: Sight,
): Step => {
  const entry = neighbours.find((one) => one.address === address && one.dev === dev);
  const looked: Looked = { kind: "neighbour", address, dev, state: entry?.state ?? null };
  if (entry?.state.includes("FAILED") === true) return ends(looked, { kind: "failed" });
  const found = entry?.mac ?? null;
  return judged(
    looked,
    macs !== null && found !== null && !macs.includes(found) ? { kind: "other-mac", mac: found } : null,
  );
};
