import type { Address } from "../../values/address.ts";
import { judged, type CheckedStep } from "../hop.ts";
import type { Packet } from "../packet.ts";
import type { Link } from "../observed/link.ts";
import { type BridgeGuest, type Frame, vidOf } from "./bridge.ts";
import { filtered, NO_PLACE, sideOf } from "./filters.ts";

/** Whether a device is the host's own in a guest's VLAN: a VLAN device on the bridge, or the bridge itself. */
export const isHostSide = (guest: BridgeGuest, dev: string): boolean => {
  const { bridge } = guest.nic.attachment;
  const vid = vidOf(guest);
  const link = guest.observed.links.get(dev);
  if (link?.lower === bridge) return link.vlan === vid;
  return (
    dev === bridge && guest.observed.vlans.some((one) => one.port === bridge && one.vid === vid && one.pvid)
  );
};

/** The device of the host's own in a guest's VLAN that has this address. */
export const hostOnBridge = (guest: BridgeGuest, address: Address): Link | null =>
  guest.observed.addresses
    .filter((one) => one.address === address && isHostSide(guest, one.dev))
    .flatMap(({ dev }) => guest.observed.links.get(dev) ?? [])[0] ?? null;

/** A frame's way from the bridge to an address of the host. */
export function* leaveToHost(
  frame: Frame,
  guest: BridgeGuest,
  address: Address,
): Generator<CheckedStep, void> {
  const { bridge } = guest.nic.attachment;
  const { observed } = guest;
  const device = hostOnBridge(guest, address);
  const member = observed.vlans.find(({ port, vid }) => port === bridge && vid === frame.vid);
  const tagged = device?.name !== bridge;
  yield judged(
    { kind: "egress", dev: bridge, bridge, vid: frame.vid, tagged },
    member === undefined ? { kind: "not-a-member" } : null,
  );
  yield* filtered("input", observed, frame.packet, { ...NO_PLACE, in: sideOf(device), toHost: true });
}

/** A frame of the host's own, as the bridge gets it. */
export const frameOfHost = (guest: BridgeGuest, packet: Packet): Frame | null => {
  const vid = vidOf(guest);
  return vid === null ? null : { packet, vid, in: guest.nic.attachment.bridge, tagged: true };
};
