import type { IfName } from "../../values/names.ts";
import type { Vid } from "../../values/vid.ts";
import type { Devices } from "./device.ts";
import type { Fact, HostState } from "./fact.ts";
import type { FoundRoute } from "./route/found-route.ts";
import type { UplinkVlanFact } from "./port/uplink-vlan.ts";

/** A VLAN device on a port of a bridge: it takes the frames of its VLAN off the port before the bridge gets them. */
export interface PortVlanDevice {
  readonly bridge: IfName;
  readonly device: string;
  readonly port: string;
  readonly vid: Vid;
}

/** Observations of the host, within a scope. */
export interface Observed {
  readonly devices: Devices;
  readonly facts: HostState;
  /** Routes found for the networks that were looked up. */
  readonly routes: readonly FoundRoute[];
  /** VLANs that the host's ports require of followed uplinks, in addition to those of the NIC itself. */
  readonly wanted: readonly Fact[];
  /** VLANs that a guest requires and a static uplink does not carry. */
  readonly missing: readonly UplinkVlanFact[];
  readonly vlanDevices: readonly PortVlanDevice[];
  /** The file of systemd-networkd by which it configures a tap that should be a port and is none. */
  readonly takenByNetworkd: ReadonlyMap<IfName, string>;
  /** Ports that this kernel, or this iproute2, cannot lock. */
  readonly unlockable: readonly IfName[];
}
