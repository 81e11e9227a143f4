import { bare } from "../../e2e/stage/generate.ts";

/** A guest with a NIC of each kind, whose taps are `TAPS`. */
export const GUEST = bare("web1", [
  { type: "bridge", bridge: "br0", vlan: 20, tap: "web1-0" },
  { type: "routed", addresses: ["192.0.2.1", "2001:db8::1"], tap: "web1-1" },
]);

export const TAPS = ["web1-0", "web1-1"] as const;
