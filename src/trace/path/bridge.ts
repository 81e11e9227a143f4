import type { BridgeNic } from "../../guest/nic.ts";
import { untaggedVid } from "../../guest/port-vlans.ts";
import type { IfName } from "../../values/names.ts";
import type { Vid } from "../../values/vid.ts";
import type { Place } from "../firewall/view-of.ts";
import { ends, judged, passes, type Step } from "../hop.ts";
import type { Packet } from "../packet.ts";
import { type GuestParty, ownEntry } from "../party.ts";
import type { Link } from "../sight/link.ts";
import type { Sight } from "../sight/sight.ts";
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

const memberOf = (port: string, vid: Vid, { vlans }: Sight) =>
  vlans.find((member) => member.port === port && member.vid === vid);

/** Devices that take the frames of a VLAN off a port before the bridge gets them (vlan_do_receive, net/8021q/vlan_core.c). */
const stolenStep = (dev: string, vid: Vid, { links }: Sight): Step => {
  const thief = [...links.values()].find(({ lower, vlan }) => lower === dev && vlan === vid);
  return judged(
    { kind: "vlan-device", dev, vid },
    thief === undefined ? null : { kind: "stolen", device: thief.name },
  );
};

/** The tap as a port of its bridge. */
const portStep = ({ nic: { tap, attachment }, sight }: BridgeGuest): Step => {
  const { bridge } = attachment;
  const [link, over] = [sight.links.get(tap), sight.links.get(bridge)];
  const state = link?.port?.state ?? "";
  const looked = { kind: "port", dev: tap, bridge, state } as const;
  if (over?.bridge === null || over === undefined) return ends(looked, { kind: "bridge-missing", bridge });
  if (link?.master !== bridge) return ends(looked, { kind: "other-master", master: link?.master ?? null });
  if (!over.up) return ends(looked, { kind: "bridge-down", bridge });
  if (!over.bridge.vlanFiltering) return ends(looked, { kind: "not-filtering", bridge });
  return state === "forwarding" ? passes(looked) : ends(looked, { kind: "blocked", state });
};

const ingressStep = (guest: BridgeGuest, vid: Vid): Step => {
  const { tap, attachment } = guest.nic;
  const tagged = guest.tag !== null;
  const looked = { kind: "ingress", dev: tap, bridge: attachment.bridge, vid, tagged } as const;
  const own = guest.sight.vlans.filter(({ port }) => port === tap);
  if (tagged) return judged(looked, own.some((one) => one.vid === vid) ? null : { kind: "not-a-member" });
  const pvid = own.find((one) => one.pvid)?.vid ?? null;
  return judged(looked, pvid === vid ? null : { kind: "other-pvid", pvid });
};

/** A locked port lets in only senders whose forwarding entry is on it (br_handle_frame_finish, net/bridge/br_input.c). */
const lockStep = (guest: BridgeGuest, vid: Vid): Step => {
  const { nic, sight } = guest;
  const { tap } = nic;
  const { mac, entry } = ownEntry(guest, vid);
  const locked = sight.links.get(tap)?.port?.locked === true;
  const looked = { kind: "lock", dev: tap, mac, vid, locked } as const;
  if (!locked) return passes(looked);
  if (entry === undefined) return ends(looked, { kind: "no-entry" });
  return judged(looked, entry.dev === tap ? null : { kind: "elsewhere", dev: entry.dev });
};

/** The place of a bridged frame, as rules see it: for those of the IP families both devices are the bridge. */
const bridgedPlace = (
  bridge: Link,
  frame: Frame,
  out: string | null,
  family: "bridge" | "ip",
  sight: Sight,
): Place => {
  const [from, to] = [sight.links.get(frame.in), out === null ? null : sight.links.get(out)];
  const base = { ...NO_PLACE, bridged: { bridge: bridge.name, in: frame.in, out } };
  return family === "ip"
    ? { ...base, in: sideOf(bridge), out: out === null ? null : sideOf(bridge) }
    : { ...base, in: sideOf(from), out: sideOf(to), tag: frame.tagged ? frame.vid : null };
};

function* prerouting(bridge: Link, frame: Frame, guest: BridgeGuest): Generator<Step, void> {
  const { sight } = guest;
  yield* bridgeFiltered(
    "prerouting",
    sight,
    frame.packet,
    bridgedPlace(bridge, frame, null, "bridge", sight),
  );
  if (isHandedOver(bridge, frame.packet, { in: frame.tagged, out: null }, sight))
    yield* filtered("prerouting", sight, frame.packet, bridgedPlace(bridge, frame, null, "ip", sight));
}

/** What a guest's frame passes until the bridge has it. Nothing comes back without a VLAN: then nothing more is known of its way. */
export function* leaveByPort(guest: BridgeGuest, packet: Packet): Generator<Step, Frame | null> {
  const { nic, sight } = guest;
  yield guestStep(guest);
  yield tapStep(guest);
  yield portStep(guest);
  const vid = vidOf(guest);
  const bridge = sight.links.get(nic.attachment.bridge);
  if (vid === null || bridge === undefined) return null;
  if (guest.tag !== null) yield stolenStep(nic.tap, vid, sight);
  yield ingressStep(guest, vid);
  yield lockStep(guest, vid);
  const frame: Frame = { packet, vid, in: nic.tap, tagged: guest.tag !== null };
  yield guarded(guest, packet, bridgedPlace(bridge, frame, null, "bridge", sight));
  yield* prerouting(bridge, frame, guest);
  return frame;
}

/** What a frame passes on its way out of a port. @param wanted whether the other end takes it with a tag */
function* leaveBridge(frame: Frame, guest: BridgeGuest, out: string, wanted: boolean): Generator<Step, void> {
  const { sight, nic } = guest;
  const { bridge: name } = nic.attachment;
  const bridge = sight.links.get(name);
  const member = memberOf(out, frame.vid, sight);
  const looked = { kind: "egress", dev: out, bridge: name, vid: frame.vid, tagged: wanted } as const;
  if (member === undefined) yield ends(looked, { kind: "not-a-member" });
  else if (member.untagged && wanted) yield ends(looked, { kind: "sent-untagged" });
  else if (!member.untagged && !wanted) yield ends(looked, { kind: "sent-tagged" });
  else yield passes(looked);
  if (bridge === undefined) return;
  yield* bridgeFiltered("forward", sight, frame.packet, bridgedPlace(bridge, frame, out, "bridge", sight));
  if (isHandedOver(bridge, frame.packet, { in: frame.tagged, out: wanted }, sight))
    yield* filtered("forward", sight, frame.packet, bridgedPlace(bridge, frame, out, "ip", sight));
  yield* bridgeFiltered("postrouting", sight, frame.packet, {
    ...bridgedPlace(bridge, frame, out, "bridge", sight),
    in: null,
  });
}

/** The ports that lead out of the host: those that the profile's host.json names, or all but guests' taps. */
export const uplinksOf = ({ nic: { attachment }, sight }: BridgeGuest): readonly string[] => {
  const { bridge, policy } = attachment;
  const named: readonly IfName[] = policy.uplinks?.ports ?? [];
  const ports = [...sight.links.values()].filter(({ master }) => master === bridge);
  return named.length > 0 ? named : ports.filter(({ kind }) => kind !== "tun").map(({ name }) => name);
};

/** The uplink that carries a VLAN; where none does, the first, of which that is then said. */
const uplinkFor = (guest: BridgeGuest, vid: Vid): string | null => {
  const all = uplinksOf(guest);
  return all.find((port) => memberOf(port, vid, guest.sight) !== undefined) ?? all[0] ?? null;
};

/** Whether an uplink carries a VLAN. */
export const carriesOut = (guest: BridgeGuest, vid: Vid): boolean =>
  uplinksOf(guest).some((port) => memberOf(port, vid, guest.sight) !== undefined);

/** The only hardware of the host that is in no bridge or bond and has no address: what can only be meant as an uplink. */
const freeDevice = ({ links, addresses }: Sight): string | null => {
  const free = [...links.values()].filter(
    ({ name, kind, master }) =>
      kind === null && name !== "lo" && master === null && !addresses.some(({ dev }) => dev === name),
  );
  return free.length === 1 ? (free[0]?.name ?? null) : null;
};

/** A frame's way from the bridge to the network beyond the host. @returns the uplink */
export function* leaveByUplink(frame: Frame, guest: BridgeGuest): Generator<Step, string | null> {
  const uplink = uplinkFor(guest, frame.vid);
  if (uplink === null) {
    const { bridge } = guest.nic.attachment;
    yield ends(
      { kind: "link", dev: bridge, state: null },
      { kind: "no-uplink", free: freeDevice(guest.sight) },
    );
    return null;
  }
  yield linkStep(uplink, guest);
  const untagged = memberOf(uplink, frame.vid, guest.sight)?.untagged === true;
  yield* leaveBridge(frame, guest, uplink, !untagged);
  yield sizeStep(uplink, frame.packet, guest);
  return uplink;
}

/** A frame's way from the network beyond the host to the bridge of a guest. */
export function* enterByUplink(guest: BridgeGuest, packet: Packet): Generator<Step, Frame | null> {
  const { sight, nic } = guest;
  const vid = vidOf(guest);
  const uplink = vid === null ? null : uplinkFor(guest, vid);
  const bridge = sight.links.get(nic.attachment.bridge);
  if (vid === null || uplink === null || bridge === undefined) return null;
  yield linkStep(uplink, guest);
  const member = memberOf(uplink, vid, sight);
  const tagged = member?.untagged !== true;
  if (tagged) yield stolenStep(uplink, vid, sight);
  const looked = { kind: "ingress", dev: uplink, bridge: bridge.name, vid, tagged } as const;
  yield judged(looked, member === undefined ? { kind: "not-a-member" } : null);
  const frame: Frame = { packet, vid, in: uplink, tagged };
  yield* prerouting(bridge, frame, guest);
  return frame;
}

/** Where the bridge sends a guest's frames: to the port of its forwarding entry, or to all ports where it has none. */
const entryStep = (guest: BridgeGuest, vid: Vid): Step => {
  const { tap, attachment } = guest.nic;
  const { mac, entry } = ownEntry(guest, vid);
  const looked = {
    ...({ kind: "forwarding-entry", bridge: attachment.bridge } as const),
    ...{ mac, vid, dev: entry?.dev ?? null },
  };
  return judged(
    looked,
    entry === undefined || entry.dev === tap ? null : { kind: "elsewhere", dev: entry.dev },
  );
};

const isolationStep = (frame: Frame, { nic: { tap, attachment }, sight }: BridgeGuest): Step => {
  const isolated = (port: string): boolean => sight.links.get(port)?.port?.isolated === true;
  return judged(
    { kind: "isolation", bridge: attachment.bridge, from: frame.in, to: tap },
    isolated(frame.in) && isolated(tap) ? { kind: "isolated" } : null,
  );
};

/** A frame's way from the bridge to the guest. */
export function* arriveByPort(frame: Frame, guest: BridgeGuest): Generator<Step, void> {
  yield entryStep(guest, frame.vid);
  if (frame.in !== guest.nic.attachment.bridge) yield isolationStep(frame, guest);
  yield portStep(guest);
  yield* leaveBridge(frame, guest, guest.nic.tap, guest.tag !== null);
  yield sizeStep(guest.nic.tap, frame.packet, guest);
  yield tapStep(guest);
  yield guestStep(guest);
}
