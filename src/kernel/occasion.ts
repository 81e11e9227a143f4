import { isBridged, type Nic } from "../guest/nic.ts";
import type { Arrival } from "../move/arrival.ts";
import type { Uuid } from "../values/names.ts";
import type { Occasion, Operation } from "./desired/operation.ts";
import type { Host } from "./host.ts";
import { evpnBridges } from "./observe/evpn.ts";
import { toAsked } from "./observe/observe.ts";

const NONE: ReadonlySet<string> = new Set();

/** Returns the bridges with EVPN. The host is asked only where one of the NICs is on a bridge: at `prepare`, none is yet. */
export const evpnBridgesOf = async (
  operation: Operation,
  nics: readonly Nic[],
  host: Host,
): Promise<ReadonlySet<string>> =>
  operation !== "prepare" && nics.some(isBridged) ? evpnBridges(toAsked(host)) : NONE;

/** Returns whether a NIC is on a bridge for which a daemon finds the addresses behind other hosts: {@link evpnBridgesOf}. */
export const isOnEvpn = (nic: Nic, evpn: ReadonlySet<string>): boolean =>
  isBridged(nic) && evpn.has(nic.attachment.bridge);

/** Returns what a NIC's desire depends on beside the NIC itself. */
export const occasionOf = (nic: Nic, guest: Uuid, arrival: Arrival, evpn: ReadonlySet<string>): Occasion => ({
  guest,
  arrival,
  evpn: isOnEvpn(nic, evpn),
});
