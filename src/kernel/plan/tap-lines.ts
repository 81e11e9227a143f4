import type { Step } from "../facts/change.ts";
import {
  type LinkFact,
  type NeighFact,
  type NeighProxyFact,
  ROUTE_PROTOCOL,
  type RouteFact,
  type TapFact,
} from "../facts/fact.ts";
import { metricWords } from "./describe.ts";
import { tableWords } from "../../values/route-table.ts";

/** A line and how it is taken back; what it does, the change says. */
export type Line = Omit<Step, "does">;

const masterWords = ({ master }: LinkFact, from: LinkFact | null): string =>
  master !== null ? ` master ${master}` : from !== null && from.master !== null ? " nomaster" : "";

/** The MAC address only where it is another: to set even the same one takes all neighbours of the tap (neigh_changeaddr). */
const macWords = ({ mac }: LinkFact, from: LinkFact | null): string =>
  from?.mac === mac ? "" : ` address ${mac}`;

/** Sets what of a tap can be changed while it lives. @param from how it is so far; null for a new one */
export const linkLine = (fact: LinkFact, from: LinkFact | null): string =>
  `link set dev ${fact.dev}${masterWords(fact, from)}${macWords(fact, from)} group ${String(fact.group)} ` +
  `mtu ${String(fact.mtu)} ${fact.up ? "up" : "down"}`;

/**
 * That whatever has a next hop is on link, on a tap: the kernel then asks no other route, and routing daemons take the route
 * over (BIRD drops one whose next hop is in no network of the device). Not for a guest's own address in a table beside main: the kernel
 * would look for it in main all the same (ip6_route_check_nh_onlink), where another guest may have it.
 */
export const onLink = ({ via, table }: RouteFact): string =>
  via === null || (table.kind === "table" && !via.startsWith("fe80:")) ? "" : " onlink";

/** A route as `ip route add` and `ip route del` take it. */
export const routeLine = (fact: RouteFact): string =>
  `${fact.to}${fact.via === null ? "" : ` via ${fact.via}`} dev ${fact.dev} proto ${String(ROUTE_PROTOCOL)}` +
  `${metricWords(fact)}${tableWords(fact.table)}`;

/** A neighbour as `ip neigh replace` takes it. */
export const neighLine = ({ address, dev, mac }: NeighFact): string =>
  `${address} lladdr ${mac} dev ${dev} nud permanent protocol ${String(ROUTE_PROTOCOL)}`;

/** What the host answers for, as `ip neigh add` and `ip neigh del` take it. */
export const proxyLine = ({ address, dev }: NeighProxyFact): string => `proxy ${address} dev ${dev}`;

/** Makes a tap: first without, then with the name and alias that it is known by. */
export const tapLines = ({ dev, draft, alias, multiQueue }: TapFact): readonly Line[] => [
  {
    tool: "ip",
    line: `tuntap add dev ${draft} mode tap${multiQueue ? " multi_queue" : ""}`,
    undo: `link delete dev ${draft}`,
  },
  { tool: "ip", line: `link set dev ${draft} name ${dev} alias ${alias}`, undo: `link delete dev ${dev}` },
];
