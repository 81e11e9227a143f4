import type { Address } from "../../values/address.ts";
import type { Place } from "../firewall/view-of.ts";
import { judged, type Looked, type Step } from "../hop.ts";
import type { Packet } from "../packet.ts";
import type { GuestParty } from "../party.ts";
import type { Lookup } from "../sight/route.ts";
import type { Sight } from "../sight/sight.ts";
import { guestStep, linkStep, sizeStep, tapStep } from "./at-guest.ts";
import { filtered, NO_PLACE, sideOf, sourceChecked } from "./filters.ts";

import {
  type RoutedGuest,
  vrfOf,
  tableStep,
  ownRouteStep,
  isOwnRoute,
  forwardingSteps,
  reversePathStep,
  routeStep,
  conntrackStep,
  neighbourStep,
} from "./routing.ts";
export type { RoutedGuest };

/** The lookups that a routed guest's packet to an address depends on, in the order of its way. */
export const lookupsOut = (
  { nic, address }: Pick<RoutedGuest, "nic" | "address">,
  peer: Address,
): readonly Lookup[] => {
  const { tap, attachment } = nic;
  if (address === null) return [];
  const vrf = attachment.table.kind === "vrf" ? [attachment.table.vrf] : [];
  const routes = [null, ...vrf].flatMap((out) =>
    [peer, address].map((to): Lookup => ({ to, from: null, in: null, out })),
  );
  return [
    { to: peer, from: address, in: tap, out: null },
    { to: address, from: null, in: null, out: tap },
    ...routes,
  ];
};

/** Where a routed packet is, once the host has decided: on its way out by a device, or at the host itself. */
export type Routed =
  { readonly kind: "device"; readonly in: string; readonly out: string } | { readonly kind: "host" };

const placeBy = (from: string | null, to: string | null, sight: Sight): Place => ({
  ...NO_PLACE,
  in: from === null ? null : sideOf(sight.links.get(from)),
  out: to === null ? null : sideOf(sight.links.get(to)),
});

const isOfHost = (address: Address | null, { addresses }: Sight): boolean =>
  addresses.some((one) => one.address === address);

/** What a routed guest's packet passes until it leaves the host, or is at another guest's tap. */
export function* leaveByTap(guest: RoutedGuest, packet: Packet): Generator<Step, Routed | null> {
  const { nic, sight, address } = guest;
  yield guestStep(guest);
  yield tapStep(guest);
  if (address === null || packet.destination === null) return null;
  yield* tableStep(guest);
  yield ownRouteStep(guest, address);
  const [lookup, own] = lookupsOut(guest, packet.destination);
  if (lookup === undefined || own === undefined) return null;
  const toHost = isOfHost(packet.destination, sight);
  const place = {
    ...placeBy(nic.tap, null, sight),
    ...{ mac: nic.mac, toHost, routedBack: isOwnRoute(sight.lookup(own), nic.tap) },
  };
  yield sourceChecked(sight, packet, place);
  yield* filtered("prerouting", sight, packet, place);
  if (!toHost) yield* forwardingSteps(nic.tap, packet.family, sight);
  yield* reversePathStep(lookup, null, packet, sight);
  const route = yield* routeStep(lookup, sight, null);
  yield* conntrackStep(sight);
  if (route?.type === "local" || toHost) {
    yield* filtered("input", sight, packet, place);
    return { kind: "host" };
  }
  const out = route?.dev ?? null;
  return out === null ? null : { kind: "device", in: nic.tap, out };
}

/** What a routed packet passes from the routing decision to the network beyond the host. */
export function* leaveByDevice(
  { in: from, out }: { readonly in: string; readonly out: string },
  packet: Packet,
  guest: Pick<GuestParty, "sight">,
): Generator<Step, void> {
  const { sight } = guest;
  const place = placeBy(from, out, sight);
  yield* filtered("forward", sight, packet, place);
  yield linkStep(out, guest);
  yield sizeStep(out, packet, guest);
  if (packet.destination === null) return;
  const answer = sight.lookup({ to: packet.destination, from: packet.source, in: from, out: null });
  const via = answer?.kind === "route" ? answer.route.via : null;
  yield* filtered("postrouting", sight, packet, { ...place, in: null });
  yield neighbourStep(via ?? packet.destination, out, null, sight);
}

/** The device by which packets from an address come in for a routed guest: where the host answers for it, or where its route leads. */
export const entryOf = ({ nic, sight, address }: RoutedGuest, peer: Address): string | null => {
  const [proxy] = nic.attachment.proxyOn;
  if (proxy !== undefined) return proxy;
  const answer = sight.lookup({ to: peer, from: address, in: nic.tap, out: null });
  if (answer?.kind === "route") return answer.route.dev;
  const back = sight.lookup({
    ...{ to: peer, from: null, in: null },
    out: nic.attachment.table.kind === "vrf" ? nic.attachment.table.vrf : null,
  });
  return back?.kind === "route" ? back.route.dev : null;
};

/** Whether the host answers for the guest's address where its profile says so. */
function* proxySteps({ nic, sight }: RoutedGuest, dev: string, address: Address): Generator<Step, void> {
  if (!nic.attachment.proxyOn.some((one) => one === dev)) return;
  const looked: Looked = { kind: "proxy", address, dev };
  const there = sight.proxies.some((one) => one.address === address && one.dev === dev);
  const asks = address.includes(":") && sight.setting("net/ipv6/conf/all/proxy_ndp") === "0";
  yield judged(looked, !there ? { kind: "missing" } : asks ? { kind: "proxy-ndp-off" } : null);
}

/** A packet's way from the network beyond the host to the routing decision for a guest. @returns the device that it came in by */
export function* enterByDevice(guest: RoutedGuest, packet: Packet): Generator<Step, string | null> {
  const { sight, address } = guest;
  const dev = packet.source === null ? null : entryOf(guest, packet.source);
  if (dev === null || address === null) return null;
  yield linkStep(dev, guest);
  yield* proxySteps(guest, dev, address);
  yield* filtered("prerouting", sight, packet, placeBy(dev, null, sight));
  yield* forwardingSteps(dev, packet.family, sight);
  return dev;
}

/** A packet's way from the routing decision to a guest behind a tap. @param from the device that it came in by; null for the host's own */
export function* arriveByTap(guest: RoutedGuest, packet: Packet, from: string | null): Generator<Step, void> {
  const { nic, sight, address } = guest;
  if (address === null) return;
  yield* tableStep(guest);
  yield ownRouteStep(guest, address);
  const lookup: Lookup =
    from === null
      ? { to: address, from: null, in: null, out: vrfOf(nic.tap, sight) }
      : { to: address, from: packet.source, in: from, out: null };
  if (from !== null) yield* reversePathStep(lookup, nic.tap, packet, sight);
  yield* routeStep(lookup, sight, nic.tap);
  const place = placeBy(from, nic.tap, sight);
  yield* filtered(from === null ? "output" : "forward", sight, packet, place);
  yield* filtered("postrouting", sight, packet, { ...place, in: null });
  yield tapStep(guest);
  yield sizeStep(nic.tap, packet, guest);
  yield neighbourStep(address, nic.tap, nic.attachment.antispoof ? [nic.mac] : null, sight);
  yield guestStep(guest);
}
