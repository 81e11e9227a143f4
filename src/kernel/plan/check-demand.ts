import type { Prefix } from "../../values/address.ts";
import { never } from "../../values/brand.ts";
import type { IfName } from "../../values/names.ts";
import { MAIN_ID, type RouteTable } from "../../values/route-table.ts";
import { type Demand, FORWARDING, PROXY_NDP, type Unmet, vrfForwarding } from "../facts/demand.ts";
import type { Device, Devices } from "../facts/device.ts";
import { keyOf } from "../facts/fact.ts";
import type { FoundRoute } from "../facts/route/found-route.ts";
import type { Observed } from "../facts/observed.ts";
import type { Lookup } from "../facts/scope.ts";
import { learnedIn, routeConflict } from "./route-conflict.ts";

const tableId = (table: RouteTable, devices: Devices): number | null => {
  if (table.kind === "vrf") return devices.get(table.vrf)?.vrf?.table ?? null;
  return table.kind === "table" ? table.id : MAIN_ID;
};

/** The routes that answer to what was looked up, in the table that was meant. */
const routesFor = (lookup: Lookup, { devices, routes }: Observed): readonly FoundRoute[] => {
  const id = tableId(lookup.table, devices);
  return routes.filter(({ sought, table }) => sought === lookup && (table === null || table === id));
};

/** Networks of which only one can have each, and that another host announces: others may have an anycast one, too. */
export const announcedElsewhere = (demands: readonly Demand[], observed: Observed): readonly Prefix[] =>
  learnedIn(
    demands.flatMap((demand) =>
      demand.kind === "free" && !demand.anycast ? routesFor(demand.lookup, observed) : [],
    ),
  );

/** The value of a setting that was observed; null when there is none. */
const settingOf = (name: string, { facts }: Observed): string | null => {
  const fact = facts.get(keyOf({ kind: "sysctl", name, value: "" }));
  return fact?.kind === "sysctl" ? fact.value : null;
};

const isNo = (what: string, { name, kind }: Device): Unmet => ({
  found: `${name} is not a ${what} (${kind ?? "physical"} device)`,
  fix: null,
});

const whoseIs = ({ alias, kind }: Device): string =>
  alias === null ? `a ${kind ?? "physical"} device` : `"${alias}"`;

const checkBridge = (bridge: IfName, device: Device | undefined): Unmet | null => {
  if (device !== undefined) return device.bridge === null ? isNo("bridge", device) : null;
  return {
    found: `bridge ${bridge} does not exist`,
    fix: `create it with "ip link add ${bridge} type bridge vlan_filtering 1 vlan_default_pvid 0"`,
  };
};

const checkVrf = (vrf: IfName, device: Device | undefined): Unmet | null => {
  if (device === undefined) {
    const make = `"ip link add ${vrf} type vrf table NUMBER" and "ip link set ${vrf} up"`;
    return { found: `VRF ${vrf} does not exist`, fix: `create it with ${make}` };
  }
  if (device.vrf === null) return isNo("VRF", device);
  return device.up ? null : { found: `VRF ${vrf} is down`, fix: `bring it up with "ip link set ${vrf} up"` };
};

/** Returns what a demand misses, or null when it is met. */
export const checkDemand = (demand: Demand, observed: Observed): Unmet | null => {
  const { devices, vlanDevices, unlockable } = observed;
  switch (demand.kind) {
    case "bridge":
      return checkBridge(demand.bridge, devices.get(demand.bridge));
    case "vlan-filtering": {
      const { bridge } = demand;
      // The demand above has reported a missing one.
      if (devices.get(bridge)?.bridge?.vlanFiltering !== false) return null;
      return {
        found: `bridge ${bridge} does not filter VLANs`,
        fix: `enable it with "ip link set ${bridge} type bridge vlan_filtering 1"; without it, guests on the bridge receive every VLAN`,
      };
    }
    case "port-of": {
      const device = devices.get(demand.tap);
      if (device === undefined) return { found: `device ${demand.tap} does not exist`, fix: null };
      const { master } = device;
      if (master === demand.bridge) return null;
      const instead = master === null ? "not a bridge port" : `port of ${master}`;
      const found = `${demand.tap} is not a port of ${demand.bridge} (${instead})`;
      const file = observed.takenByNetworkd.get(demand.tap);
      return file === undefined
        ? { found, fix: null }
        : {
            found: `${found}: systemd-networkd configures it with ${file}`,
            fix: 'run "guestnet install", which keeps systemd-networkd off guests\' taps',
          };
    }
    case "lockable":
      return unlockable.includes(demand.tap)
        ? {
            found: "this kernel or iproute2 cannot lock a bridge port",
            fix: 'update both to 5.18 or later, or set "antispoof": false for this NIC',
          }
        : null;
    case "no-vlan-device": {
      const one = vlanDevices.find(
        ({ bridge, vid }) => bridge === demand.bridge && demand.vids.includes(vid),
      );
      if (one === undefined) return null;
      const { bridge, device, port, vid } = one;
      const instead = `ip link add link ${bridge} name ${bridge}.${String(vid)} type vlan id ${String(vid)}`;
      return {
        found: `VLAN device ${device} on ${port} takes the frames of VLAN ${String(vid)} before bridge ${bridge} receives them`,
        fix: `remove it, or create it on the bridge instead with "${instead}"`,
      };
    }
    case "own-tap": {
      const device = devices.get(demand.tap);
      if (device === undefined || (device.tap !== null && device.alias === demand.alias)) return null;
      return {
        found: `the name ${demand.tap} is already used by ${whoseIs(device)}`,
        fix: 'set another "tap" name for this NIC, or remove that device',
      };
    }
    case "uplink":
      return devices.has(demand.uplink)
        ? null
        : { found: `uplink ${demand.uplink} does not exist`, fix: 'correct "proxy" in the profile' };
    case "proxy-ndp":
      return (settingOf(PROXY_NDP, observed) ?? "0") !== "0"
        ? null
        : {
            found: "the host does not answer neighbour solicitations for guests",
            fix: `enable it with "sysctl -w ${PROXY_NDP}=1"`,
          };
    case "vrf":
      return checkVrf(demand.vrf, devices.get(demand.vrf));
    case "vrf-forwarding": {
      const name = vrfForwarding(demand.vrf);
      return settingOf(name, observed) === "0"
        ? {
            found: `VRF ${demand.vrf} does not forward IPv4`,
            fix: `enable it with "sysctl -w ${name}=1"`,
          }
        : null;
    }
    case "free": {
      const { lookup, tap, anycast } = demand;
      const found = routesFor(lookup, observed).map((route) => routeConflict(route, tap, anycast));
      return found.find((why) => why !== null) ?? null;
    }
    case "forwarding": {
      const name = FORWARDING[demand.family];
      if ((settingOf(name, observed) ?? "0") !== "0") return null;
      const [family, hint] =
        demand.family === "ipv6"
          ? ["IPv6", " (and set accept_ra=2 on uplinks that accept router advertisements)"]
          : ["IPv4", ""];
      return {
        found: `the host does not forward ${family}`,
        fix: `enable it with "sysctl -w ${name}=1"${hint}`,
      };
    }
    default:
      return never(demand);
  }
};
