import { isBridged, isRouted } from "../guest/nic.ts";
import type { Hop, CheckedStep } from "./hop.ts";
import { answerTo, type Packet } from "./packet.ts";
import type { GuestParty, Party } from "./party.ts";
import {
  arriveByPort,
  type BridgeGuest,
  enterByUplink,
  type Frame,
  leaveByPort,
  leaveByUplink,
  vidOf,
} from "./path/bridge.ts";
import { frameOfHost, hostOnBridge, isHostSide, leaveToHost } from "./path/bridge-host.ts";
import { enterByGateway, gatewayOf, leaveByGateway } from "./path/gateway.ts";
import {
  arriveByTap,
  enterByDevice,
  leaveByDevice,
  leaveByTap,
  type Routed,
  type RoutedGuest,
} from "./path/routed.ts";
import { passes } from "./hop.ts";

/** Where a packet is between its two ends. */
type Between =
  /** In the bridge of both guests. */
  | { readonly kind: "bridge"; readonly frame: Frame }
  /** Routed by the host of both guests, from a device. */
  | { readonly kind: "routed"; readonly in: string }
  /** On the network beyond the host. */
  | { readonly kind: "wire" }
  /** At the host itself. */
  | { readonly kind: "host" };

const isBridgeGuest = (guest: GuestParty): guest is BridgeGuest => isBridged(guest.nic);
const isRoutedGuest = (guest: GuestParty): guest is RoutedGuest => isRouted(guest.nic);

/** Whether two guests are in one VLAN of one bridge. */
const isNeighbour = (one: GuestParty, other: Party): other is BridgeGuest =>
  other.kind === "guest" &&
  one.host === other.host &&
  isBridgeGuest(one) &&
  isBridgeGuest(other) &&
  one.nic.attachment.bridge === other.nic.attachment.bridge &&
  vidOf(one) === vidOf(other);

const nameOf = (party: Party): string => (party.kind === "guest" ? party.name : party.address);

function* leaveBridged(
  guest: BridgeGuest,
  to: Party,
  packet: Packet,
): Generator<CheckedStep, Between | null> {
  const frame = yield* leaveByPort(guest, packet);
  if (frame === null) return null;
  if (isNeighbour(guest, to)) return { kind: "bridge", frame };
  if (to.kind === "host" && hostOnBridge(guest, to.address) !== null) {
    yield* leaveToHost(frame, guest, to.address);
    return { kind: "host" };
  }
  const gateway = to.address === null ? null : gatewayOf(guest, to.address);
  if (gateway !== null) {
    const routed = yield* leaveByGateway(frame, guest, gateway, packet);
    return routed === null ? null : yield* leaveByHost(routed, guest, to, packet);
  }
  const uplink = yield* leaveByUplink(frame, guest);
  yield passes({ kind: "wire", dev: uplink, to: nameOf(to) });
  return { kind: "wire" };
}

function* leaveRouted(guest: RoutedGuest, to: Party, packet: Packet): Generator<CheckedStep, Between | null> {
  const routed = yield* leaveByTap(guest, packet);
  return routed === null ? null : yield* leaveByHost(routed, guest, to, packet);
}

/** A packet's way from the routing decision of a guest's host. */
function* leaveByHost(
  routed: Routed,
  guest: GuestParty,
  to: Party,
  packet: Packet,
): Generator<CheckedStep, Between | null> {
  if (routed.kind === "host") return { kind: "host" };
  const here = to.kind === "guest" && to.host === guest.host && routed.out === to.nic.tap;
  if (here) return { kind: "routed", in: routed.in };
  yield* leaveByDevice(routed, packet, guest);
  const bridged = to.kind === "guest" && to.host === guest.host && isBridgeGuest(to) ? to : null;
  if (bridged !== null && isHostSide(bridged, routed.out)) {
    const frame = frameOfHost(bridged, packet);
    return frame === null ? null : { kind: "bridge", frame };
  }
  yield passes({ kind: "wire", dev: routed.out, to: nameOf(to) });
  return { kind: "wire" };
}

function* leave(from: Party, to: Party, packet: Packet): Generator<CheckedStep, Between | null> {
  if (from.kind === "host") return { kind: "host" };
  if (from.kind === "outside") {
    yield passes({ kind: "wire", dev: null, to: nameOf(to) });
    return { kind: "wire" };
  }
  if (isBridgeGuest(from)) return yield* leaveBridged(from, to, packet);
  return isRoutedGuest(from) ? yield* leaveRouted(from, to, packet) : null;
}

function* enterBridge(
  between: Between,
  guest: BridgeGuest,
  packet: Packet,
): Generator<CheckedStep, Frame | null> {
  if (between.kind === "bridge") return between.frame;
  if (between.kind === "host") return frameOfHost(guest, packet);
  const gateway = packet.source === null ? null : gatewayOf(guest, packet.source);
  if (gateway !== null)
    return yield* enterByGateway(guest, gateway, packet, between.kind === "routed" ? between.in : null);
  return yield* enterByUplink(guest, packet);
}

function* arrive(between: Between, guest: GuestParty, packet: Packet): Generator<CheckedStep, void> {
  if (isBridgeGuest(guest)) {
    const frame = yield* enterBridge(between, guest, packet);
    if (frame !== null) yield* arriveByPort(frame, guest);
    return;
  }
  if (!isRoutedGuest(guest)) return;
  if (between.kind === "host") yield* arriveByTap(guest, packet, null);
  else if (between.kind === "routed") yield* arriveByTap(guest, packet, between.in);
  else {
    const dev = yield* enterByDevice(guest, packet);
    if (dev !== null) yield* arriveByTap(guest, packet, dev);
  }
}

/** One direction of the way. */
function* leg(from: Party, to: Party, packet: Packet): Generator<Omit<Hop, "leg">, void> {
  const at = (party: Party): string | null => (party.kind === "guest" ? party.host : null);
  const leaving = leave(from, to, packet);
  let next = leaving.next();
  for (; next.done !== true; next = leaving.next()) {
    const host = next.value.check.kind === "wire" ? null : at(from);
    yield { host, ...next.value };
  }
  const between = next.value;
  if (between === null) return;
  if (to.kind === "guest") for (const step of arrive(between, to, packet)) yield { host: at(to), ...step };
  if (to.kind !== "outside")
    yield { host: at(to) ?? at(from), ...passes({ kind: "delivered", to: nameOf(to) }) };
}

/** The hops of one direction, to the first that ends it. */
const untilEnd = (hops: Iterable<Omit<Hop, "leg">>, name: Hop["leg"]): readonly Hop[] => {
  const all: Hop[] = [];
  for (const hop of hops) {
    all.push({ leg: name, ...hop });
    if (hop.verdict.kind === "ends") break;
  }
  return all;
};

/**
 * Returns the hops of both directions as far as the way is known, past those that end the packet: what really passes may pass
 * these, too.
 */
export const wholeWay = (from: Party, to: Party, packet: Packet): readonly Hop[] => [
  ...[...leg(from, to, packet)].map((hop): Hop => ({ leg: "there", ...hop })),
  ...[...leg(to, from, answerTo(packet))].map((hop): Hop => ({ leg: "back", ...hop })),
];

const hasEnded = (hops: readonly Hop[]): boolean => hops.at(-1)?.verdict.kind === "ends";

/**
 * Follows a packet from one end to the other and, where it arrives, the answer to it back. A calculation: everything that it asks has
 * been read before.
 *
 * @returns the hops, to the first that ends the packet
 */
export const trace = (from: Party, to: Party, packet: Packet): readonly Hop[] => {
  const there = untilEnd(leg(from, to, packet), "there");
  return hasEnded(there) ? there : [...there, ...untilEnd(leg(to, from, answerTo(packet)), "back")];
};

/** The result: 0 it passes, 2 it ends somewhere, 1 that depends on what cannot be evaluated. */
export const resultOf = (hops: readonly Hop[]): 0 | 1 | 2 =>
  hasEnded(hops) ? 2 : hops.some(({ verdict }) => verdict.kind === "unsure") ? 1 : 0;
