import { isBridged, isRouted, type RoutedNic } from "../guest/nic.ts";
import { isIn } from "../values/address-range.ts";
import type { GuestParty } from "./party.ts";
import { type BridgeGuest, vidOf } from "./path/bridge.ts";
import { isHostSide } from "./path/bridge-host.ts";

const isBridgeGuest = (guest: GuestParty): guest is BridgeGuest => isBridged(guest.nic);

/** Whether a guest has the other's address on link, as the host's own network in its VLAN tells: the metadata names none. */
const hasOnLink = (guest: BridgeGuest, { address }: GuestParty): boolean =>
  address !== null &&
  guest.observed.addresses.some((own) => isHostSide(guest, own.dev) && isIn(address, own));

/** Whether a VLAN is in the routing table of a NIC: for a VRF, by a device of the host's own. */
const isInTable = (guest: BridgeGuest, { attachment: { table } }: RoutedNic): boolean => {
  if (table.kind === "main") return true;
  const devices = [...guest.observed.links.values()].filter(({ name }) => isHostSide(guest, name));
  return table.kind === "vrf" && devices.some(({ master }) => master === table.vrf);
};

/**
 * Whether packets of a guest to an address can be meant for a guest that has it: in another VLAN, or behind another routing table, the
 * same address may be another's.
 */
export const isReached = (from: GuestParty, holder: GuestParty): boolean => {
  if (isBridgeGuest(from))
    return isBridgeGuest(holder)
      ? vidOf(from) === vidOf(holder) || !hasOnLink(from, holder)
      : !isRouted(holder.nic) || isInTable(from, holder.nic);
  return !isBridgeGuest(holder) || !isRouted(from.nic) || isInTable(holder, from.nic);
};
