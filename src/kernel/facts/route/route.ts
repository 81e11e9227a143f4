import {
  type Address,
  type Family,
  familyOf,
  parseAddress,
  type Prefix,
  toHostPrefix,
} from "../../../values/address.ts";
import type { IfName } from "../../../values/names.ts";
import { MAIN, MAIN_ID, type RouteTable, tableWords } from "../../../values/route-table.ts";
import { ip } from "../command.ts";
import type { FactKind } from "../fact-kind.ts";
import { asNumber, membersOf, asText } from "../../../values/json.ts";
import type { OwnTap } from "../scope.ts";

/** Protocol of guestnet's routes in the host's routing tables: `ip route show proto 76` is the inventory. */
export const ROUTE_PROTOCOL = 76;

/**
 * Protocol of a route that keeps the source check open for a guest whose own routes are withdrawn: a neighbour advertisement comes from
 * the guest's IPv6 address (RFC 4861, section 4.4), and nftables drops what is not routed back to the tap. BIRD takes protocol 76 alone.
 */
export const WITHDRAWN_PROTOCOL = 77;

/** The kernel's metric of a route without an explicit one (IP6_RT_PRIO_USER in linux/ipv6_route.h). */
export const DEFAULT_METRIC: Readonly<Record<Family, number>> = { ipv4: 0, ipv6: 1024 };

export interface RouteFact {
  readonly kind: "route";
  readonly to: Prefix;
  readonly via: Address | null;
  readonly dev: IfName;
  readonly table: RouteTable;
  /** Of two routes to one network the one with the lower metric is taken. See `DEFAULT_METRIC`. */
  readonly metric: number;
  /** Whether it may exist next to another one of the same metric. */
  readonly anycast: boolean;
}

/** A metric that is not what the kernel gives by itself, as `ip route` takes it. */
const metricWords = ({ to, metric }: RouteFact): string =>
  metric === DEFAULT_METRIC[familyOf(to)] ? "" : ` metric ${String(metric)}`;

/**
 * Routes with a next hop are on link, on a tap: the kernel then uses no other route, and routing daemons take the route
 * over (BIRD drops one whose next hop is in no network of the device). Not for a guest's own address in a table beside main: the kernel
 * would look for it in main all the same (ip6_route_check_nh_onlink), where another guest may have it.
 */
const onLink = ({ via, table }: RouteFact): string =>
  via === null || (table.kind === "table" && !via.startsWith("fe80:")) ? "" : " onlink";

/** A route as `ip route add` and `ip route del` take it. */
const words = (fact: RouteFact): string =>
  `${fact.to}${fact.via === null ? "" : ` via ${fact.via}`} dev ${fact.dev} proto ${String(ROUTE_PROTOCOL)}` +
  `${metricWords(fact)}${tableWords(fact.table)}`;

// `add`, not `replace`: a route to this address from elsewhere must stay.
const add = (fact: RouteFact) => [
  ip(`route ${fact.anycast ? "append" : "add"} ${words(fact)}${onLink(fact)}`),
];
const remove = (fact: RouteFact) => [ip(`route del ${words(fact)}`)];

/** Reads what `ip -json -details -N route show dev DEV table all proto 76` prints: both families; a host has no `/32`, no `/128`. */
export const observeRoutes = (
  { dev, anycast }: OwnTap,
  documents: readonly unknown[],
): readonly RouteFact[] =>
  documents.map(membersOf).flatMap((entry): readonly RouteFact[] => {
    const dst = asText(entry["dst"]);
    if (dst === null) return [];
    const host = parseAddress(dst);
    const to = host === null ? (dst as Prefix) : toHostPrefix(host);
    const id = Number(asText(entry["table"]) ?? MAIN_ID);
    return [
      {
        kind: "route",
        to,
        via: parseAddress(asText(entry["gateway"]) ?? ""),
        dev,
        table: id === MAIN_ID ? MAIN : { kind: "table", id },
        metric: asNumber(entry["metric"]) ?? DEFAULT_METRIC[familyOf(to)],
        anycast,
      },
    ];
  });

export const route: FactKind<RouteFact> = {
  // The kernel holds as many routes to one network as they have metrics.
  key: ({ to, dev, table, metric }) => `${to} ${dev}${tableWords(table)} ${String(metric)}`,
  device: ({ dev }) => dev,
  slot: (change) => {
    const removes = change.kind === "remove";
    const { via } = removes ? change.from : change.to;
    if (removes) return via === null ? "remove route" : "remove route via";
    return via === null ? "add route" : "add route via";
  },
  add: ([fact]) => add(fact),
  remove: ([fact]) => remove(fact),
  replace: (from, to) => [...remove(from), ...add(to)],
  describe: ([fact]) => `route ${fact.to} dev ${fact.dev}${metricWords(fact)}${tableWords(fact.table)}`,
  observe: {
    from: "questions",
    queries: ({ taps }) =>
      taps.map((tap) => ({
        ...{ tool: "ip", object: "route", verb: "show", dev: tap.dev },
        args: `table all proto ${String(ROUTE_PROTOCOL)}`,
        read: (documents) => observeRoutes(tap, documents),
      })),
  },
};
