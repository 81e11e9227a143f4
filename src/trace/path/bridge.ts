import type { BridgeNic } from "../../guest/nic.ts";
import { untaggedVid } from "../../guest/port-vlans.ts";
import type { IfName } from "../../values/names.ts";
import type { Vid } from "../../values/vid.ts";
import type { Place } from "../firewall/packet-fields.ts";
import { ends, judged, passes, type CheckedStep } from "../hop.ts";
import type { Packet } from "../packet.ts";
import { type GuestParty, ownEntry } from "../party.ts";
import type { Link } from "../observed/link.ts";
import type { ObservedHost } from "../observed/observed-host.ts";
import { guestStep, linkStep, sizeStep, tapStep } from "./at-guest.ts";
import { bridgeFiltered, filtered, guarded, isHandedOver, NO_PLACE, sideOf } from "./filters.ts";

/** A guest with a port of a bridge. */
export type BridgeGuest = GuestParty & { readonly nic: BridgeNic };

/** A frame on its way through a bridge. */
export interface Frame {
  readonly packet: Packet;
  readonly vid: Vid;
  /** The port that it came in by, and whether it had a tag there; the bridge itself for a packet that the host routes. */
  readonly in: string;
  readonly tagged: boolean;
}

/** The VLAN that a guest's frames are in, by its metadata: null where it has none. */
export const vidOf = ({ nic: { attachment }, tag }: BridgeGuest): Vid | null =>
  tag ?? untaggedVid(attachment);

const memberOf = (port: string, vid: Vid, { vlans }: ObservedHost) =>
  vlans.find((member) => member.port === port && member.vid === vid);

/** Devices that take the frames of a VLAN off a port before the bridge gets them (vlan_do_receive, net/8021q/vlan_core.c). */
const vlanDeviceStep = (dev: string, vid: Vid, { links }: ObservedHost): CheckedStep => {
  const device = [...links.values()].find(({ lower, vlan }) => lower === dev && vlan === vid);
  return judged(
    { kind: "vlan-device", dev, vid },
    device === undefined ? null : { kind: "stolen", device: device.name },
  );
};

/** The tap as a port of its bridge. */
const portStep = ({ nic: { tap, attachment }, observed }: BridgeGuest): CheckedStep => {
  const { bridge } = attachment;
  const [link, over] = [observed.links.get(tap), observed.links.get(bridge)];
  const state = link?.port?.state ?? "";
  const check = { kind: "port", dev: tap, bridge, state } as const;
  if (over?.bridge === null || over === undefined) return ends(check, { kind: "bridge-missing", bridge });
  if (link?.master !== bridge) return ends(check, { kind: "other-master", master: link?.master ?? null });
  if (!over.up) return ends(check, { kind: "bridge-down", bridge });
  if (!over.bridge.vlanFiltering) return ends(check, { kind: "not-filtering", bridge });
  return state === "forwarding" ? passes(check) : ends(check, { kind: "blocked", state });
};

const ingressStep = (guest: BridgeGuest, vid: Vid): CheckedStep => {
  const { tap, attachment } = guest.nic;
  const tagged = guest.tag !== null;
  const check = { kind: "ingress", dev: tap, bridge: attachment.bridge, vid, tagged } as const;
  const own = guest.observed.vlans.filter(({ port }) => port === tap);
  if (tagged) return judged(check, own.some((one) => one.vid === vid) ? null : { kind: "not-a-member" });
  const pvid = own.find((one) => one.pvid)?.vid ?? null;
  return judged(check, pvid === vid ? null : { kind: "other-pvid", pvid });
};

/** A locked port lets in only senders whose forwarding entry is on it (br_handle_frame_finish, net/bridge/br_input.c). */
const lockStep = (guest: BridgeGuest, vid: Vid): CheckedStep => {
  const { nic, observed } = guest;
  const { tap } = nic;
  const { mac, entry } = ownEntry(guest, vid);
  const locked = observed.links.get(tap)?.port?.locked === true;
  const check = { kind: "lock", dev: tap, mac, vid, locked } as const;
  if (!locked) return passes(check);
  if (entry === undefined) return ends(check, { kind: "no-entry" });
  return judged(check, entry.dev === tap ? null : { kind: "elsewhere", dev: entry.dev });
};

/** The place of a bridged frame, as rules see it: for those of the IP families both devices are the bridge. */
const bridgedPlace = (
  bridge: Link,
  frame: Frame,
  out: string | null,
  family: "bridge" | "ip",
  observed: ObservedHost,
): Place => {
  const [from, to] = [observed.links.get(frame.in), out === null ? null : observed.links.get(out)];
  const base = { ...NO_PLACE, bridged: { bridge: bridge.name, in: frame.in, out } };
  return family === "ip"
    ? { ...base, in: sideOf(bridge), out: out === null ? null : sideOf(bridge) }
    : { ...base, in: sideOf(from), out: sideOf(to), tag: frame.tagged ? frame.vid : null };
};

function* prerouting(bridge: Link, frame: Frame, guest: BridgeGuest): Generator<CheckedStep, void> {
  const { observed } = guest;
  yield* bridgeFiltered(
    "prerouting",
    observed,
    frame.packet,
    bridgedPlace(bridge, frame, null, "bridge", observed),
  );
  if (isHandedOver(bridge, frame.packet, { in: frame.tagged, out: null }, observed))
    yield* filtered("prerouting", observed, frame.packet, bridgedPlace(bridge, frame, null, "ip", observed));
}

/** What a guest's frame passes until the bridge has it. Nothing comes back without a VLAN: then nothing more is known of its way. */
export function* leaveByPort(guest: BridgeGuest, packet: Packet): Generator<CheckedStep, Frame | null> {
  const { nic, observed } = guest;
  yield guestStep(guest);
  yield tapStep(guest);
  yield portStep(guest);
  const vid = vidOf(guest);
  const bridge = observed.links.get(nic.attachment.bridge);
  if (vid === null || bridge === undefined) return null;
  if (guest.tag !== null) yield vlanDeviceStep(nic.tap, vid, observed);
  yield ingressStep(guest, vid);
  yield lockStep(guest, vid);
  const frame: Frame = { packet, vid, in: nic.tap, tagged: guest.tag !== null };
  yield guarded(guest, packet, bridgedPlace(bridge, frame, null, "bridge", observed));
  yield* prerouting(bridge, frame, guest);
  return frame;
}

/** What a frame passes on its way out of a port. @param wanted whether the other end takes it with a tag */
function* leaveBridge(
  frame: Frame,
  guest: BridgeGuest,
  out: string,
  wanted: boolean,
): Generator<CheckedStep, void> {
  const { observed, nic } = guest;
  const { bridge: name } = nic.attachment;
  const bridge = observed.links.get(name);
  const member = memberOf(out, frame.vid, observed);
  const check = { kind: "egress", dev: out, bridge: name, vid: frame.vid, tagged: wanted } as const;
  if (member === undefined) yield ends(check, { kind: "not-a-member" });
  else if (member.untagged && wanted) yield ends(check, { kind: "sent-untagged" });
  else if (!member.untagged && !wanted) yield ends(check, { kind: "sent-tagged" });
  else yield passes(check);
  if (bridge === undefined) return;
  yield* bridgeFiltered(
    "forward",
    observed,
    frame.packet,
    bridgedPlace(bridge, frame, out, "bridge", observed),
  );
  if (isHandedOver(bridge, frame.packet, { in: frame.tagged, out: wanted }, observed))
    yield* filtered("forward", observed, frame.packet, bridgedPlace(bridge, frame, out, "ip", observed));
  yield* bridgeFiltered("postrouting", observed, frame.packet, {
    ...bridgedPlace(bridge, frame, out, "bridge", observed),
    in: null,
  });
}

/** The ports that lead out of the host: those that the profile's host.json names, or all but guests' taps. */
const bridgeUplinks = ({ nic: { attachment }, observed }: BridgeGuest): readonly string[] => {
  const { bridge, policy } = attachment;
  const named: readonly IfName[] = policy.uplinks?.ports ?? [];
  const ports = [...observed.links.values()].filter(({ master }) => master === bridge);
  return named.length > 0 ? named : ports.filter(({ kind }) => kind !== "tun").map(({ name }) => name);
};

/** The uplink that carries a VLAN; where none does, the first, of which that is then said. */
const uplinkFor = (guest: BridgeGuest, vid: Vid): string | null => {
  const all = bridgeUplinks(guest);
  return all.find((port) => memberOf(port, vid, guest.observed) !== undefined) ?? all[0] ?? null;
};

/** Whether an uplink carries a VLAN. */
export const carriesOut = (guest: BridgeGuest, vid: Vid): boolean =>
  bridgeUplinks(guest).some((port) => memberOf(port, vid, guest.observed) !== undefined);

/** The only hardware of the host that is in no bridge or bond and has no address: what can only be meant as an uplink. */
const freeDevice = ({ links, addresses }: ObservedHost): string | null => {
  const free = [...links.values()].filter(
    ({ name, kind, master }) =>
      kind === null && name !== "lo" && master === null && !addresses.some(({ dev }) => dev === name),
  );
  return free.length === 1 ? (free[0]?.name ?? null) : null;
};

/** A frame's way from the bridge to the network beyond the host. @returns the uplink */
export function* leaveByUplink(frame: Frame, guest: BridgeGuest): Generator<CheckedStep, string | null> {
  const uplink = uplinkFor(guest, frame.vid);
  if (uplink === null) {
    const { bridge } = guest.nic.attachment;
    yield ends(
      { kind: "link", dev: bridge, state: null },
      { kind: "no-uplink", free: freeDevice(guest.observed) },
    );
    return null;
  }
  yield linkStep(uplink, guest);
  const untagged = memberOf(uplink, frame.vid, guest.observed)?.untagged === true;
  yield* leaveBridge(frame, guest, uplink, !untagged);
  yield sizeStep(uplink, frame.packet, guest);
  return uplink;
}

/** A frame's way from the network beyond the host to the bridge of a guest. */
export function* enterByUplink(guest: BridgeGuest, packet: Packet): Generator<CheckedStep, Frame | null> {
  const { observed, nic } = guest;
  const vid = vidOf(guest);
  const uplink = vid === null ? null : uplinkFor(guest, vid);
  const bridge = observed.links.get(nic.attachment.bridge);
  if (vid === null || uplink === null || bridge === undefined) return null;
  yield linkStep(uplink, guest);
  const member = memberOf(uplink, vid, observed);
  const tagged = member?.untagged !== true;
  if (tagged) yield vlanDeviceStep(uplink, vid, observed);
  const check = { kind: "ingress", dev: uplink, bridge: bridge.name, vid, tagged } as const;
  yield judged(check, member === undefined ? { kind: "not-a-member" } : null);
  const frame: Frame = { packet, vid, in: uplink, tagged };
  yield* prerouting(bridge, frame, guest);
  return frame;
}

/** Where the bridge sends a guest's frames: to the port of its forwarding entry, or to all ports where it has none. */
const entryStep = (guest: BridgeGuest, vid: Vid): CheckedStep => {
  const { tap, attachment } = guest.nic;
  const { mac, entry } = ownEntry(guest, vid);
  const check = {
    ...({ kind: "forwarding-entry", bridge: attachment.bridge } as const),
    ...{ mac, vid, dev: entry?.dev ?? null },
  };
  return judged(
    check,
    entry === undefined || entry.dev === tap ? null : { kind: "elsewhere", dev: entry.dev },
  );
};

const isolationStep = (frame: Frame, { nic: { tap, attachment }, observed }: BridgeGuest): CheckedStep => {
  const isolated = (port: string): boolean => observed.links.get(port)?.port?.isolated === true;
  return judged(
    { kind: "isolation", bridge: attachment.bridge, from: frame.in, to: tap },
    isolated(frame.in) && isolated(tap) ? { kind: "isolated" } : null,
  );
};

/** A frame's way from the bridge to the guest. */
export function* arriveByPort(frame: Frame, guest: BridgeGuest): Generator<CheckedStep, void> {
  yield entryStep(guest, frame.vid);
  if (frame.in !== guest.nic.attachment.bridge) yield isolationStep(frame, guest);
  yield portStep(guest);
  yield* leaveBridge(frame, guest, guest.nic.tap, guest.tag !== null);
  yield sizeStep(guest.nic.tap, frame.packet, guest);
  yield tapStep(guest);
  yield guestStep(guest);
}
