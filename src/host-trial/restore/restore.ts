import type { LiveAddress, LiveNetwork, LiveRoute, LiveVlan } from "../../live-network/live-network.ts";
import { renderRange, toRanges, toVid, vidSet } from "../../values/vid.ts";
import type { Line } from "../managers.ts";
import { bridge, ip } from "./command.ts";
import { restorePorts, restoreVxlan } from "./ports.ts";
import { createGone, deleteNew, restoredLinks, resetLinks } from "./links.ts";
import type { Tried } from "./tried.ts";

/** The first elements that the second list does not have. */
const missing = <T>(all: readonly T[], others: readonly T[], keyOf: (one: T) => string): readonly T[] => {
  const keys = new Set(others.map(keyOf));
  return all.filter((one) => !keys.has(keyOf(one)));
};

const vlanKey = ({ port, vid, pvid, untagged }: LiveVlan): string => [port, vid, pvid, untagged].join(" ");

/** A line for each range of VLANs: a trunk may have thousands. `self` is for a bridge's own (bridge(8)). */
const vlanCommands = (
  verb: "add" | "del",
  vlans: readonly LiveVlan[],
  bridges: ReadonlySet<string>,
): readonly Line[] => {
  const kindOf = ({ port, pvid, untagged }: LiveVlan): string => [port, pvid, untagged].join(" ");
  return [...new Set(vlans.map(kindOf))].flatMap((kind) => {
    const alike = vlans.filter((vlan) => kindOf(vlan) === kind);
    return alike
      .slice(0, 1)
      .flatMap(({ port, pvid, untagged }) =>
        toRanges(vidSet(alike.flatMap(({ vid }) => toVid(vid) ?? []))).map((range) =>
          bridge(
            ...["vlan", verb, "dev", port, "vid", renderRange(range)],
            ...(verb === "add" && pvid ? ["pvid"] : []),
            ...(verb === "add" && untagged ? ["untagged"] : []),
            ...(bridges.has(port) ? ["self"] : []),
          ),
        ),
      );
  });
};

const addressKey = ({ dev, address, length, peer }: LiveAddress): string =>
  [dev, address, length, peer ?? ""].join(" ");

const addressCommand = (
  verb: "add" | "del",
  { dev, address, length, peer, broadcast, family, scope }: LiveAddress,
): Line =>
  ip(
    ...["address", verb],
    ...(peer === null ? [`${address}/${String(length)}`] : [address, "peer", `${peer}/${String(length)}`]),
    ...(broadcast === null ? [] : ["broadcast", broadcast]),
    ...["dev", dev],
    // The host had it a moment ago, and a search for duplicates would take a second.
    ...(verb === "add" ? ["scope", scope, ...(family === "ipv6" ? ["nodad"] : [])] : []),
  );

/** The kernel makes link-local addresses, and those from advertisements, by itself. */
const isOwn = ({ scope, fromRouter }: LiveAddress): boolean => scope !== "link" && !fromRouter;

/** Routes that the kernel makes for addresses, or guestnet for guests, come back with these; a daemon makes its own again. */
const MANAGERS: ReadonlySet<string> = new Set(["boot", "static", "dhcp", "ra"]);

const isManagers = ({ protocol, hops, type }: LiveRoute): boolean =>
  MANAGERS.has(protocol) && hops === 1 && type === "unicast";

const routeWords = ({ family, to, via, dev, table, metric, protocol, source, onlink, scope }: LiveRoute) => [
  ...[
    to,
    ...(via === null ? [] : ["via", ...(via.includes(":") && family === "ipv4" ? ["inet6"] : []), via]),
  ],
  ...(dev === null ? [] : ["dev", dev]),
  ...["table", table, "proto", protocol],
  ...(metric === null ? [] : ["metric", metric]),
  ...(source === null ? [] : ["src", source]),
  ...(scope === null || scope === "global" ? [] : ["scope", scope]),
  ...(onlink ? ["onlink"] : []),
];

const routeCommand = (verb: "replace" | "del", route: LiveRoute): Line =>
  ip(route.family === "ipv6" ? "-6" : "-4", "route", verb, ...routeWords(route));

const routeKey = (route: LiveRoute): string => [route.family, ...routeWords(route)].join(" ");

/**
 * Returns the commands that bring the host's network back to what it was. The network manager has had its turn, with its old files: this
 * is what it did not restore. Guests' taps are not among it: `guestnet apply` repairs them.
 *
 * @param before what was read before the trial
 * @param tried what the new configuration has
 */
export const restore = (before: LiveNetwork, now: LiveNetwork, tried: Tried): readonly Line[] => {
  const known = new Set(restoredLinks(before.links).map(({ name }) => name));
  const bridges = new Set(before.links.flatMap(({ name, bridge: own }) => (own === null ? [] : [name])));
  const of = <T>(all: readonly T[], dev: (one: T) => string | null): readonly T[] =>
    all.filter((one) => known.has(dev(one) ?? ""));
  const vlans = { before: of(before.vlans, ({ port }) => port), now: of(now.vlans, ({ port }) => port) };
  const addresses = {
    before: of(before.addresses, ({ dev }) => dev).filter(isOwn),
    now: of(now.addresses, ({ dev }) => dev).filter(isOwn),
  };
  const routes = {
    before: of(before.routes, ({ dev }) => dev).filter(isManagers),
    now: of(now.routes, ({ dev }) => dev).filter(isManagers),
  };
  return [
    ...deleteNew(before.links, now.links, tried.devices),
    ...createGone(before.links, now.links),
    ...resetLinks(before.links, now.links),
    ...vlanCommands("del", missing(vlans.now, vlans.before, vlanKey), bridges),
    ...vlanCommands("add", missing(vlans.before, vlans.now, vlanKey), bridges),
    ...restorePorts(before, now),
    ...restoreVxlan(before, now, tried),
    ...missing(addresses.before, addresses.now, addressKey).map((one) => addressCommand("add", one)),
    ...missing(addresses.now, addresses.before, addressKey).map((one) => addressCommand("del", one)),
    ...missing(routes.before, routes.now, routeKey).map((one) => routeCommand("replace", one)),
    ...missing(routes.now, routes.before, routeKey).map((one) => routeCommand("del", one)),
  ];
};
