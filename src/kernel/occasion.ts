import { isBridged, type Nic } from "../guest/nic.ts";
import type { Arrival } from "../move/arrival.ts";
import type { IfName, Uuid } from "../values/names.ts";
import type { Occasion } from "./desired/operation.ts";
import type { Host } from "./host.ts";
import { evpnBridges } from "./observe/evpn.ts";

/** Returns the bridges with EVPN among those of some NICs. It looks at all devices: once for many NICs. */
export const evpnBridgesOf = (
  nics: readonly Nic[],
  host: Pick<Host, "readFile" | "exists">,
): ReadonlySet<IfName> =>
  evpnBridges(new Set(nics.filter(isBridged).map(({ attachment }) => attachment.bridge)), host);

/** Returns whether a NIC is on a bridge for which a daemon finds the addresses behind other hosts: {@link evpnBridgesOf}. */
export const isOnEvpn = (nic: Nic, evpn: ReadonlySet<IfName>): boolean =>
  isBridged(nic) && evpn.has(nic.attachment.bridge);

/** Returns what a NIC's desire depends on beside the NIC itself. */
export const occasionOf = (nic: Nic, guest: Uuid, arrival: Arrival, evpn: ReadonlySet<IfName>): Occasion => ({
  guest,
  arrival,
  evpn: isOnEvpn(nic, evpn),
});
