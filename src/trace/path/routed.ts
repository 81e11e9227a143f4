import type { Address } from "../../values/address.ts";
import type { Place } from "../firewall/packet-fields.ts";
import { judged, type Check, type CheckedStep } from "../hop.ts";
import type { Packet } from "../packet.ts";
import type { GuestParty } from "../party.ts";
import type { RouteLookup } from "../observed/route.ts";
import type { ObservedHost } from "../observed/observed-host.ts";
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
): readonly RouteLookup[] => {
  const { tap, attachment } = nic;
  if (address === null) return [];
  const vrf = attachment.table.kind === "vrf" ? [attachment.table.vrf] : [];
  const routes = [null, ...vrf].flatMap((out) =>
    [peer, address].map((to): RouteLookup => ({ to, from: null, in: null, out })),
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

const placeBy = (from: string | null, to: string | null, observed: ObservedHost): Place => ({
  ...NO_PLACE,
  in: from === null ? null : sideOf(observed.links.get(from)),
  out: to === null ? null : sideOf(observed.links.get(to)),
});

const isOfHost = (address: Address | null, { addresses }: ObservedHost): boolean =>
  addresses.some((one) => one.address === address);

/** What a routed guest's packet passes until it leaves the host, or is at another guest's tap. */
export function* leaveByTap(guest: RoutedGuest, packet: Packet): Generator<CheckedStep, Routed | null> {
  const { nic, observed, address } = guest;
  yield guestStep(guest);
  yield tapStep(guest);
  if (address === null || packet.destination === null) return null;
  yield* tableStep(guest);
  yield ownRouteStep(guest, address);
  const [lookup, own] = lookupsOut(guest, packet.destination);
  if (lookup === undefined || own === undefined) return null;
  const toHost = isOfHost(packet.destination, observed);
  const place = {
    ...placeBy(nic.tap, null, observed),
    ...{ mac: nic.mac, toHost, routedBack: isOwnRoute(observed.lookup(own), nic.tap) },
  };
  yield sourceChecked(observed, packet, place);
  yield* filtered("prerouting", observed, packet, place);
  if (!toHost) yield* forwardingSteps(nic.tap, packet.family, observed);
  yield* reversePathStep(lookup, null, packet, observed);
  const route = yield* routeStep(lookup, observed, null);
  yield* conntrackStep(observed);
  if (route?.type === "local" || toHost) {
    yield* filtered("input", observed, packet, place);
    return { kind: "host" };
  }
  const out = route?.dev ?? null;
  return out === null ? null : { kind: "device", in: nic.tap, out };
}

/** What a routed packet passes from the routing decision to the network beyond the host. */
export function* leaveByDevice(
  { in: from, out }: { readonly in: string; readonly out: string },
  packet: Packet,
  guest: Pick<GuestParty, "observed">,
): Generator<CheckedStep, void> {
  const { observed } = guest;
  const place = placeBy(from, out, observed);
  yield* filtered("forward", observed, packet, place);
  yield linkStep(out, guest);
  yield sizeStep(out, packet, guest);
  if (packet.destination === null) return;
  const answer = observed.lookup({ to: packet.destination, from: packet.source, in: from, out: null });
  const via = answer?.kind === "route" ? answer.route.via : null;
  yield* filtered("postrouting", observed, packet, { ...place, in: null });
  yield neighbourStep(via ?? packet.destination, out, null, observed);
}

/** The device by which packets from an address come in for a routed guest: where the host answers for it, or where its route leads. */
export const entryOf = ({ nic, observed, address }: RoutedGuest, peer: Address): string | null => {
  const [proxy] = nic.attachment.proxyOn;
  if (proxy !== undefined) return proxy;
  const answer = observed.lookup({ to: peer, from: address, in: nic.tap, out: null });
  if (answer?.kind === "route") return answer.route.dev;
  const back = observed.lookup({
    ...{ to: peer, from: null, in: null },
    out: nic.attachment.table.kind === "vrf" ? nic.attachment.table.vrf : null,
  });
  return back?.kind === "route" ? back.route.dev : null;
};

/** Whether the host answers for the guest's address where its profile says so. */
function* proxySteps(
  { nic, observed }: RoutedGuest,
  dev: string,
  address: Address,
): Generator<CheckedStep, void> {
  if (!nic.attachment.proxyOn.some((one) => one === dev)) return;
  const check: Check = { kind: "proxy", address, dev };
  const there = observed.proxies.some((one) => one.address === address && one.dev === dev);
  const asks = address.includes(":") && observed.setting("net/ipv6/conf/all/proxy_ndp") === "0";
  yield judged(check, !there ? { kind: "missing" } : asks ? { kind: "proxy-ndp-off" } : null);
}

/** A packet's way from the network beyond the host to the routing decision for a guest. @returns the device that it came in by */
export function* enterByDevice(guest: RoutedGuest, packet: Packet): Generator<CheckedStep, string | null> {
  const { observed, address } = guest;
  const dev = packet.source === null ? null : entryOf(guest, packet.source);
  if (dev === null || address === null) return null;
  yield linkStep(dev, guest);
  yield* proxySteps(guest, dev, address);
  yield* filtered("prerouting", observed, packet, placeBy(dev, null, observed));
  yield* forwardingSteps(dev, packet.family, observed);
  return dev;
}

/** A packet's way from the routing decision to a guest behind a tap. @param from the device that it came in by; null for the host's own */
export function* arriveByTap(
  guest: RoutedGuest,
  packet: Packet,
  from: string | null,
): Generator<CheckedStep, void> {
  const { nic, observed, address } = guest;
  if (address === null) return;
  yield* tableStep(guest);
  yield ownRouteStep(guest, address);
  const lookup: RouteLookup =
    from === null
      ? { to: address, from: null, in: null, out: vrfOf(nic.tap, observed) }
      : { to: address, from: packet.source, in: from, out: null };
  if (from !== null) yield* reversePathStep(lookup, nic.tap, packet, observed);
  const route = yield* routeStep(lookup, observed, nic.tap);
  const place = placeBy(from, nic.tap, observed);
  yield* filtered(from === null ? "output" : "forward", observed, packet, place);
  yield* filtered("postrouting", observed, packet, { ...place, in: null });
  yield tapStep(guest);
  yield sizeStep(nic.tap, packet, guest);
  // An address in a network that is routed to the guest is behind one that it has itself.
  yield neighbourStep(route?.via ?? address, nic.tap, nic.attachment.antispoof ? [nic.mac] : null, observed);
  yield guestStep(guest);
}
