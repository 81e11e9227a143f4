import type { RoutedNic } from "../../guest/nic.ts";
import { FORWARDING } from "../../kernel/facts/demand.ts";
import { type Address, type Family, partsOf, toHostPrefix } from "../../values/address.ts";
import { MAIN_ID } from "../../values/route-table.ts";
import { type End, ends, judged, type Check, passes, type CheckedStep } from "../hop.ts";
import type { Packet } from "../packet.ts";
import type { GuestParty } from "../party.ts";
import { type Answer, DISCARDS, type RouteLookup, type Route } from "../observed/route.ts";
import type { ObservedHost } from "../observed/observed-host.ts";

/** A guest behind a tap of its own. */
export type RoutedGuest = GuestParty & { readonly nic: RoutedNic };

/** The VRF that a device is in, as its master. */
export const vrfOf = (dev: string | null, { links }: ObservedHost): string | null => {
  const master = dev === null ? null : (links.get(dev)?.master ?? null);
  return master !== null && links.get(master)?.vrf !== null ? master : null;
};

const wordOf = (answer: Answer | null): string => (answer?.kind === "refused" ? answer.error : "");

/** The table that a NIC's routes are in, by its number. */
const tableId = ({ nic: { attachment }, observed }: RoutedGuest): number | null => {
  const { table } = attachment;
  if (table.kind === "table") return table.id;
  return table.kind === "vrf" ? (observed.links.get(table.vrf)?.vrf?.table ?? null) : MAIN_ID;
};

/** Whether packets of the tap are routed by the table of its routes: a VRF's needs the rule `l3mdev` (ip-rule(8)). */
export function* tableStep(guest: RoutedGuest): Generator<CheckedStep, void> {
  const { nic, observed } = guest;
  const { table } = nic.attachment;
  if (table.kind === "main") return;
  const id = tableId(guest);
  const rule = observed.rules.find((one) => (table.kind === "vrf" ? one.vrf : one.table === id));
  const check: Check = { kind: "table", dev: nic.tap, table, priority: rule?.priority ?? null };
  const isIn = table.kind === "table" || observed.links.get(nic.tap)?.master === table.vrf;
  if (!isIn) yield ends(check, { kind: "other-vrf", vrf: table.vrf });
  else yield judged(check, rule === undefined ? { kind: "no-rule" } : null);
}

const lengthOf = ({ to }: Route): number => (to === null ? 0 : partsOf(to).length);

/** The best of the routes to an address in a table: the longest, and of these the one with the lowest metric. */
const bestIn = (table: number | null, address: Address, { covering }: ObservedHost): Route | null =>
  [...covering(address)]
    .filter((route) => route.table === table)
    .sort((a, b) => lengthOf(b) - lengthOf(a) || a.metric - b.metric)[0] ?? null;

/** Whether the guest's address is routed to its tap. */
export const ownRouteStep = (guest: RoutedGuest, address: Address): CheckedStep => {
  const { nic, observed } = guest;
  const table = tableId(guest);
  const check: Check = { kind: "own-route", address, dev: nic.tap, table };
  const best = bestIn(table, address, observed);
  if (best === null || lengthOf(best) === 0) return ends(check, { kind: "no-route" });
  if (DISCARDS.has(best.type)) return ends(check, { kind: "discarded", type: best.type });
  if (best.dev === nic.tap) return passes(check);
  const exact = best.to === toHostPrefix(address);
  return ends(check, exact ? { kind: "elsewhere", dev: best.dev } : { kind: "no-route" });
};

export const isOwnRoute = (answer: Answer | null, dev: string): boolean | null =>
  answer === null ? null : answer.kind === "route" && answer.route.dev === dev;

/** The settings without which the kernel forwards nothing that comes in by a device (ip-sysctl, "forwarding"). */
export function* forwardingSteps(
  dev: string,
  family: Family,
  observed: ObservedHost,
): Generator<CheckedStep, void> {
  const vrf = vrfOf(dev, observed);
  const names = [
    FORWARDING[family],
    `net/${family}/conf/${dev}/forwarding`,
    ...(vrf !== null && family === "ipv4" ? [`net/ipv4/conf/${vrf}/forwarding`] : []),
  ];
  const off = names.find((name) => observed.setting(name) === "0");
  const check: Check = { kind: "forwarding", dev, setting: off ?? FORWARDING[family] };
  yield judged(check, off === undefined ? null : { kind: "off" });
}

const MODES = ["off", "strict", "loose"] as const;

/** The mode of the reverse path filter: the stricter of all devices' and its own (ip-sysctl, "rp_filter"). */
const modeOf = (dev: string, { setting }: ObservedHost): (typeof MODES)[number] => {
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
  lookup: RouteLookup,
  out: string | null,
  packet: Packet,
  observed: ObservedHost,
): Generator<CheckedStep, void> {
  const { in: dev, from, to } = lookup;
  if (packet.family !== "ipv4" || dev === null || from === null) return;
  const mode = modeOf(dev, observed);
  const check: Check = { kind: "reverse-path", dev, address: from, mode };
  const back =
    out === null
      ? observed.lookup({ to: from, from: null, in: null, out: vrfOf(dev, observed) })
      : observed.lookup({ to: from, from: to, in: out, out: null });
  const through = back?.kind === "route" ? back.route.dev : null;
  const refused = wordOf(observed.lookup(lookup)).includes("Invalid");
  const filtersOut =
    refused && ((mode === "strict" && through !== dev) || (mode === "loose" && through === null));
  yield judged(check, filtersOut ? { kind: "unreachable-back", back: through } : null);
}

/** Why the kernel found no route: a route that discards covers the address, or none does. */
const refusalOf = (to: Address, error: string, { covering }: ObservedHost): End => {
  const discard = covering(to).find(({ type }) => DISCARDS.has(type));
  if (discard !== undefined) return { kind: "discarded", type: discard.type };
  return /unreachable|No route/i.test(error) ? { kind: "no-route" } : { kind: "refused", error };
};

/** The kernel's own lookup for a packet. @param wanted the device that it must leave by; null for any */
export function* routeStep(
  lookup: RouteLookup,
  observed: ObservedHost,
  wanted: string | null,
): Generator<CheckedStep, Route | null> {
  const answer = observed.lookup(lookup);
  const route = answer?.kind === "route" ? answer.route : null;
  const check: Check = {
    ...({ kind: "route", to: lookup.to, dev: route?.dev ?? null } as const),
    ...{ via: route?.via ?? null, table: route?.table ?? null },
  };
  if (route === null) yield ends(check, refusalOf(lookup.to, wordOf(answer), observed));
  else if (DISCARDS.has(route.type)) yield ends(check, { kind: "discarded", type: route.type });
  else
    yield judged(
      check,
      wanted === null || route.dev === wanted ? null : { kind: "elsewhere", dev: route.dev },
    );
  return route;
}

export function* conntrackStep({ setting }: ObservedHost): Generator<CheckedStep, void> {
  const [count, max] = ["count", "max"].map((name) => setting(`net/netfilter/nf_conntrack_${name}`));
  if (count === null || count === undefined || max === null || max === undefined) return;
  const check: Check = { kind: "conntrack", count: Number(count), max: Number(max) };
  yield judged(check, Number(count) >= Number(max) ? { kind: "full" } : null);
}

/** The neighbour that a packet is handed to. @param macs those of the guest that has the address; null where others may have it, too */
export const neighbourStep = (
  address: Address,
  dev: string,
  macs: readonly string[] | null,
  { neighbours }: ObservedHost,
): CheckedStep => {
  const entry = neighbours.find((one) => one.address === address && one.dev === dev);
  const check: Check = { kind: "neighbour", address, dev, state: entry?.state ?? null };
  if (entry?.state.includes("FAILED") === true) return ends(check, { kind: "failed" });
  const found = entry?.mac ?? null;
  return judged(
    check,
    macs !== null && found !== null && !macs.includes(found) ? { kind: "other-mac", mac: found } : null,
  );
};
