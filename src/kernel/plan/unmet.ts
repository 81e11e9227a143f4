import type { Prefix } from "../../values/address.ts";
import { type Demand, FORWARDING, PROXY_NDP, vrfForwarding } from "../facts/demand.ts";
import { never } from "../../values/brand.ts";
import type { FoundRoute, Lookup } from "../facts/found-route.ts";
import type { Links } from "../facts/link.ts";
import { MAIN_ID, type RouteTable } from "../../values/route-table.ts";
import type { View } from "../facts/view.ts";
import { learnedIn, takenBy } from "./taken.ts";

const CHEAPER = `or say "antispoof": false for this NIC`;

const tableId = (table: RouteTable, links: Links): number | null => {
  if (table.kind === "vrf") return links.get(table.vrf)?.vrf?.table ?? null;
  return table.kind === "table" ? table.id : MAIN_ID;
};

/** The routes that answer to what was looked up, in the table that was meant. */
const routesFor = (lookup: Lookup, { links, routes }: View): readonly FoundRoute[] => {
  const id = tableId(lookup.table, links);
  return routes.filter(({ sought, table }) => sought === lookup && (table === null || table === id));
};

/** Networks of which only one can have each, and that another host announces: others may have an anycast one, too. */
export const announcedElsewhere = (demands: readonly Demand[], view: View): readonly Prefix[] =>
  learnedIn(
    demands.flatMap((demand) =>
      demand.kind === "free" && !demand.anycast ? routesFor(demand.lookup, view) : [],
    ),
  );

/** @returns what is missing and how to mend it, or null when the demand is met */
export const unmet = (demand: Demand, view: View): string | null => {
  const { links, facts, stolen, unlockable } = view;
  switch (demand.kind) {
    case "bridge": {
      const { bridge } = demand;
      const link = links.get(bridge);
      if (link === undefined)
        return `there is no bridge ${bridge}: make it with "ip link add ${bridge} type bridge vlan_filtering 1 vlan_default_pvid 0"`;
      return link.bridge === null ? `${bridge} is no bridge but a ${link.kind ?? "physical"} device` : null;
    }
    case "vlan-filtering": {
      const { bridge } = demand;
      // A missing one is said once, by the demand above.
      return links.get(bridge)?.bridge?.vlanFiltering === false
        ? `bridge ${bridge} does not filter VLANs: every guest on it would hear every VLAN; switch it on with "ip link set ${bridge} type bridge vlan_filtering 1"`
        : null;
    }
    case "port-of": {
      const link = links.get(demand.tap);
      if (link === undefined) return `there is no device ${demand.tap}`;
      return link.master === demand.bridge
        ? null
        : `${demand.tap} is no port of ${demand.bridge} but ${link.master === null ? "of no bridge" : `of ${link.master}`}`;
    }
    case "lockable":
      return unlockable.includes(demand.tap)
        ? `this kernel or iproute2 cannot lock a bridge port (Linux 5.18 and iproute2 5.18 can): update it, ${CHEAPER}`
        : null;
    case "not-stolen": {
      const thief = stolen.find(({ bridge, vid }) => bridge === demand.bridge && demand.vids.includes(vid));
      if (thief === undefined) return null;
      const { bridge, device, port, vid } = thief;
      return (
        `the device ${device} takes the frames of VLAN ${String(vid)} off ${port} before bridge ${bridge} sees them: remove it, ` +
        `or put it on the bridge ("ip link add link ${bridge} name ${bridge}.${String(vid)} type vlan id ${String(vid)}")`
      );
    }
    case "own-tap": {
      const link = links.get(demand.tap);
      if (link === undefined || (link.tap !== null && link.alias === demand.alias)) return null;
      const whose = link.alias === null ? `a ${link.kind ?? "physical"} device` : `"${link.alias}"`;
      return `the name ${demand.tap} is taken by ${whose}: give this NIC another "tap" name, or remove that device`;
    }
    case "uplink":
      return links.has(demand.uplink)
        ? null
        : `there is no uplink ${demand.uplink} to answer on: see "proxy"`;
    case "proxy-ndp": {
      const fact = facts.get(`sysctl ${PROXY_NDP}`);
      return fact?.kind === "sysctl" && fact.value !== "0"
        ? null
        : `the host does not answer for IPv6 addresses of guests: switch it on with "sysctl -w ${PROXY_NDP}=1"`;
    }
    case "vrf": {
      const { vrf } = demand;
      const link = links.get(vrf);
      if (link === undefined)
        return `there is no VRF ${vrf}: make it with "ip link add ${vrf} type vrf table NUMBER" and "ip link set ${vrf} up"`;
      if (link.vrf === null) return `${vrf} is no VRF but a ${link.kind ?? "physical"} device`;
      return link.up ? null : `VRF ${vrf} is down: set it up with "ip link set ${vrf} up"`;
    }
    case "vrf-forwarding": {
      const name = vrfForwarding(demand.vrf);
      const fact = facts.get(`sysctl ${name}`);
      return fact?.kind === "sysctl" && fact.value === "0"
        ? `VRF ${demand.vrf} does not forward IPv4: switch it on with "sysctl -w ${name}=1"`
        : null;
    }
    case "free": {
      const { lookup, tap, anycast } = demand;
      const found = routesFor(lookup, view).map((route) => takenBy(route, tap, anycast));
      return found.find((why) => why !== null) ?? null;
    }
    case "forwarding": {
      const name = FORWARDING[demand.family];
      const fact = facts.get(`sysctl ${name}`);
      if (fact?.kind === "sysctl" && fact.value !== "0") return null;
      const hint =
        demand.family === "ipv6"
          ? ` (and set accept_ra=2 on an uplink that learns its default route from router advertisements)`
          : "";
      return `the host does not forward ${demand.family === "ipv6" ? "IPv6" : "IPv4"}: switch it on with "sysctl -w ${name}=1"${hint}`;
    }
    default:
      return never(demand);
  }
};
