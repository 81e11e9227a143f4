import type { Fact, UplinkVlanFact } from "./fact.ts";
import type { FoundRoute } from "./found-route.ts";
import type { HostState } from "./host-state.ts";
import type { Links } from "./link.ts";
import type { IfName } from "../../values/names.ts";
import type { Vid } from "../../values/vid.ts";

/** A VLAN device on a port of a bridge. */
export interface StolenVlan {
  readonly bridge: IfName;
  readonly device: string;
  readonly port: string;
  readonly vid: Vid;
}

/** What we saw of the host, within a scope. */
export interface View {
  readonly links: Links;
  readonly facts: HostState;
  /** What was found of the networks that were looked up. */
  readonly routes: readonly FoundRoute[];
  /** What the host's ports need of their uplinks, as far as it is ours: wanted beside what a NIC itself wants. */
  readonly wanted: readonly Fact[];
  /** VLANs that a guest needs and an uplink that we leave alone does not carry. */
  readonly missing: readonly UplinkVlanFact[];
  readonly stolen: readonly StolenVlan[];
  /** Ports that this kernel, or this iproute2, cannot lock. */
  readonly unlockable: readonly IfName[];
}
