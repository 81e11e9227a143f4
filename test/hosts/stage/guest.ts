import { bare } from "../../e2e/stage/guest/generate.ts";

const NICS = [
  { type: "bridge", bridge: "br0", vlan: 20, tap: "web1-0" },
  { type: "routed", addresses: ["192.0.2.1", "2001:db8::1"], tap: "web1-1" },
];
const TRUNK = { type: "bridge", bridge: "br0", trunk: [20, "100-103"], tap: "web1-2" };

/** A guest with an access port and a routed NIC, whose taps are `TAPS`. */
export const GUEST = bare("web1", NICS);

export const TAPS = ["web1-0", "web1-1"] as const;

/** The same guest with a trunk port beside them. */
export const GUEST_WITH_TRUNK = bare("web1", [...NICS, TRUNK]);

export const TAPS_WITH_TRUNK = [...TAPS, "web1-2"] as const;
