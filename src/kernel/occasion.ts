import { isBridged, type Nic } from "../guest/nic.ts";
import type { Arrival } from "../move/arrival.ts";
import type { Uuid } from "../values/names.ts";
import type { Occasion } from "./desired/operation.ts";
import type { Host } from "./host.ts";
import { isEvpnBridge } from "./observe/evpn.ts";

/** Returns whether a NIC is on a bridge for which a daemon finds the addresses behind other hosts. */
export const isOnEvpn = (nic: Nic, host: Pick<Host, "readFile">): boolean =>
  isBridged(nic) && isEvpnBridge(nic.attachment.bridge, host);

/** Returns what a NIC's desire depends on beside the NIC itself. */
export const occasionOf = (
  nic: Nic,
  guest: Uuid,
  arrival: Arrival,
  host: Pick<Host, "readFile">,
): Occasion => ({ guest, arrival, evpn: isOnEvpn(nic, host) });
