import { type HostNetwork, linksOf } from "../../host-network/host-network.ts";
import type { LivePeer } from "../../live-network/live-network.ts";

/** What a tried host.json names of what may be deleted again: others may be of libvirt, of a container or of a routing daemon. */
export interface Tried {
  /** Names of devices. */
  readonly devices: ReadonlySet<string>;
  /** Static peers of VXLAN devices: those of EVPN are learned by the routing daemon. */
  readonly peers: readonly Pick<LivePeer, "port" | "address">[];
}

/** Returns what a trial may delete again of a network. */
export const triedOf = (network: HostNetwork): Tried => ({
  devices: new Set(network.links.map(({ name }) => name)),
  peers: linksOf(network, "vxlan").flatMap(({ name, peers }) =>
    (peers ?? []).map((address) => ({ port: name, address })),
  ),
});
