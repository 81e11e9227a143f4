import type { Address, Family, Prefix } from "../../values/address.ts";
import type { Mac } from "../../values/mac.ts";
import type { IfName } from "../../values/names.ts";
import type { RouteTable } from "../../values/route-table.ts";

/** Protocol of our routes in the host's routing tables: `ip route show proto 76` is the inventory. */
export const ROUTE_PROTOCOL = 76;

/** What the kernel gives a route for which nobody says a metric (IP6_RT_PRIO_USER in linux/ipv6_route.h). */
export const DEFAULT_METRIC: Readonly<Record<Family, number>> = { ipv4: 0, ipv6: 1024 };

export interface RouteFact {
  readonly kind: "route";
  readonly to: Prefix;
  readonly via: Address | null;
  readonly dev: IfName;
  readonly table: RouteTable;
  /** Of two routes to one network the one with the lower metric is taken. See `DEFAULT_METRIC`. */
  readonly metric: number;
  /** Whether it may stand beside another one of the same metric. */
  readonly anycast: boolean;
}

/** The host's answers for a guest's address on an uplink, of our protocol as the routes are. */
export interface NeighProxyFact {
  readonly kind: "neigh-proxy";
  readonly address: Address;
  readonly dev: IfName;
}

/** A neighbour that the host need not ask for, of our protocol: the guest's NIC is what answers to this address on its tap. */
export interface NeighFact {
  readonly kind: "neigh";
  readonly address: Address;
  readonly dev: IfName;
  readonly mac: Mac;
}
