import { type BridgeNic, isBridged, type LiveDomain } from "../../src/guest/nic.ts";

export const MAC = "52:54:00:00:00:01";

/** Bridge NICs of a profile, with the same MAC address: an access port, a trunk, a port with addresses, and one without checks. */
export const access = { type: "bridge", bridge: "br0", vlan: 20, mac: MAC };
export const trunk = { type: "bridge", bridge: "br0", trunk: ["30-31"], mac: MAC };
export const guarded = { ...access, addresses: ["10.0.20.5/24"] };
export const open = { ...access, antispoof: false };

export const portsOf = ({ nics }: LiveDomain): readonly BridgeNic[] => nics.filter(isBridged);
