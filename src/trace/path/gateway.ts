import { macsOf } from "../../guest/nic.ts";
import { type Address, familyOf } from "../../values/address.ts";
import { isIn } from "../../values/address-range.ts";
import { judged, type Check, type CheckedStep } from "../hop.ts";
import type { Packet } from "../packet.ts";
import type { RouteLookup } from "../observed/route.ts";
import type { ObservedHost } from "../observed/observed-host.ts";
import { linkStep } from "./at-guest.ts";
import { frameOfHost, isHostSide } from "./bridge-host.ts";
import { type BridgeGuest, carriesOut, type Frame, vidOf } from "./bridge.ts";
import { filtered, NO_PLACE, sideOf } from "./filters.ts";
import type { Routed } from "./routed.ts";
import {
  conntrackStep,
  forwardingSteps,
  neighbourStep,
  reversePathStep,
  routeStep,
  vrfOf,
} from "./routing.ts";

const isLinkLocal = (address: Address): boolean => /^fe[89ab]/.test(address);

/**
 * Returns the device by which the host is a guest's router: its own in the guest's VLAN, for an address beyond its networks there. The
 * metadata does not name the gateway. Where an uplink carries the VLAN, it is taken for a router out there.
 */
export const gatewayOf = (guest: BridgeGuest, peer: Address): string | null => {
  const { observed } = guest;
  const vid = vidOf(guest);
  if (vid === null || carriesOut(guest, vid)) return null;
  const own = observed.addresses.filter(
    ({ address, dev }) =>
      familyOf(address) === familyOf(peer) && !isLinkLocal(address) && isHostSide(guest, dev),
  );
  return own.some((one) => isIn(peer, one)) ? null : (own[0]?.dev ?? null);
};

/** The host's own route to an address, which tells by which device its packets come in. */
const ownLookup = (to: Address): RouteLookup => ({ to, from: null, in: null, out: null });

const lookupOut = (dev: string, address: Address | null, peer: Address): RouteLookup => ({
  ...{ to: peer, from: address, in: dev, out: null },
});

const entryOf = (peer: Address, observed: ObservedHost): string | null => {
  const answer = observed.lookup(ownLookup(peer));
  return answer?.kind === "route" ? answer.route.dev : null;
};

/** The lookups that do not depend on what the host has in the VLAN. */
export const lookupsBeyond = (peer: Address): readonly RouteLookup[] => [ownLookup(peer)];

/** The lookups by which the host routes between a guest and an address; none where it is not the guest's router. */
export const lookupsVia = (guest: BridgeGuest, peer: Address): readonly RouteLookup[] => {
  const dev = gatewayOf(guest, peer);
  const { address, observed } = guest;
  if (dev === null || address === null) return [];
  const entry = entryOf(peer, observed);
  return [
    lookupOut(dev, address, peer),
    { to: address, from: null, in: null, out: vrfOf(dev, observed) },
    ...(entry === null ? [] : [{ to: address, from: peer, in: entry, out: null }]),
  ];
};

const placeIn = (dev: string, observed: ObservedHost) => ({
  ...NO_PLACE,
  in: sideOf(observed.links.get(dev)),
});

/** A frame's way from the bridge through the host that routes it. */
export function* leaveByGateway(
  frame: Frame,
  guest: BridgeGuest,
  dev: string,
  packet: Packet,
): Generator<CheckedStep, Routed | null> {
  const { observed, nic, address } = guest;
  const { bridge } = nic.attachment;
  const member = observed.vlans.some(({ port, vid }) => port === bridge && vid === frame.vid);
  const egress: Check = { kind: "egress", dev: bridge, bridge, vid: frame.vid, tagged: dev !== bridge };
  yield judged(egress, member ? null : { kind: "not-a-member" });
  yield linkStep(dev, guest);
  const { destination } = packet;
  if (destination === null || address === null) return null;
  const place = placeIn(dev, observed);
  yield* filtered("prerouting", observed, packet, place);
  const toHost = observed.addresses.some((one) => one.address === destination);
  if (!toHost) yield* forwardingSteps(dev, packet.family, observed);
  const lookup = lookupOut(dev, address, destination);
  yield* reversePathStep(lookup, null, packet, observed);
  const route = yield* routeStep(lookup, observed, null);
  yield* conntrackStep(observed);
  if (toHost) {
    yield* filtered("input", observed, packet, { ...place, toHost });
    return { kind: "host" };
  }
  const out = route?.dev ?? null;
  return out === null ? null : { kind: "device", in: dev, out };
}

/** A packet's way through the host that routes it to a guest on its bridge. @param from the device that it came in by; null for where the host's route leads */
export function* enterByGateway(
  guest: BridgeGuest,
  dev: string,
  packet: Packet,
  from: string | null,
): Generator<CheckedStep, Frame | null> {
  const { observed, address } = guest;
  const { source } = packet;
  const entry = from ?? (source === null ? null : entryOf(source, observed));
  if (entry === null || address === null || source === null) return null;
  if (from === null) {
    yield linkStep(entry, guest);
    yield* filtered("prerouting", observed, packet, placeIn(entry, observed));
    yield* forwardingSteps(entry, packet.family, observed);
  }
  const lookup: RouteLookup = { to: address, from: source, in: entry, out: null };
  yield* reversePathStep(lookup, dev, packet, observed);
  yield* routeStep(lookup, observed, dev);
  const place = { ...placeIn(entry, observed), out: sideOf(observed.links.get(dev)) };
  yield* filtered("forward", observed, packet, place);
  yield* filtered("postrouting", observed, packet, { ...place, in: null });
  yield linkStep(dev, guest);
  yield neighbourStep(address, dev, guest.shared ? null : macsOf(guest.nic), observed);
  return frameOfHost(guest, packet);
}
