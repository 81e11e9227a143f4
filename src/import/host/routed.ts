import { parsePrefix } from "../../values/address.ts";
import { FORWARDING } from "../../kernel/facts/demand.ts";
import { ROUTE_PROTOCOL } from "../../kernel/facts/route/route.ts";
import type { LiveNetwork, LiveRoute } from "../../live-network/live-network.ts";
import { defaultRoutesOf, tableOf } from "./addressing.ts";
import type { HostReport } from "./host-report.ts";
import type { WrittenRouted } from "./written-host.ts";

const isDiscard = ({ type }: LiveRoute): boolean => type !== "unicast";

/** Networks whose unused addresses the host discards: what a router of guests does with its prefixes. */
const prefixesOf = ({ routes }: LiveNetwork): readonly string[] => [
  ...new Set(
    routes
      .filter((route) => isDiscard(route) && route.table === "main" && parsePrefix(route.to) !== null)
      .map(({ to }) => to),
  ),
];

/**
 * Returns what the host routes, or null if it forwards nothing.
 *
 * @param interfaces those with addresses that are in `host.json`
 * @param renamed devices of bridges with addresses, and their new names
 */
export const routedOf = (
  interfaces: readonly string[],
  renamed: ReadonlyMap<string, string>,
  network: LiveNetwork,
  report: HostReport,
): WrittenRouted | null => {
  const vrfs = network.links.flatMap(({ name, vrf }) => (vrf === null ? [] : [[name, vrf.table] as const]));
  for (const [name] of vrfs) report.taken(name, "a VRF");
  const forwards = (["ipv4", "ipv6"] as const).filter((family) => network.sysctl(FORWARDING[family]) === "1");
  if (forwards.length === 0 && vrfs.length === 0) return null;
  if (forwards.length > 0)
    report.taken("forwarding", `on for ${forwards.join(" and ")}: host.json turns on both`);
  const devices = [...new Set([...interfaces, ...renamed.keys()])];
  const uplinks = devices
    .filter((dev) => {
      const master = network.links.find(({ name }) => name === dev)?.master ?? null;
      return defaultRoutesOf(dev, tableOf(master, network).table, network).length > 0;
    })
    .map((dev) => renamed.get(dev) ?? dev);
  const prefixes = prefixesOf(network);
  for (const prefix of prefixes)
    report.taken(prefix, "a network of routed NICs: the host discards its unused addresses");
  return {
    ...(uplinks.length === 0 ? {} : { uplinks }),
    ...(prefixes.length === 0 ? {} : { prefixes }),
    ...(vrfs.length === 0 ? {} : { vrfs: Object.fromEntries(vrfs) }),
  };
};

const wordsOf = ({ type, to, via, dev, table, metric }: LiveRoute): string =>
  [
    ...(type === "unicast" ? [] : [type]),
    to,
    ...(via === null ? [] : [`via ${via}`]),
    ...(dev === null ? [] : [`dev ${dev}`]),
    ...(table === "main" ? [] : [`table ${table}`]),
    ...(metric === null ? [] : [`metric ${String(metric)}`]),
  ].join(" ");

/** Reports routes and policy rules without a key in `host.json`. @param described devices whose addresses and default routes are in it */
export const reportRoutes = (
  described: ReadonlySet<string>,
  network: LiveNetwork,
  report: HostReport,
): void => {
  const taken = new Set(
    [...described].flatMap((dev) => {
      const master = network.links.find(({ name }) => name === dev)?.master ?? null;
      return defaultRoutesOf(dev, tableOf(master, network).table, network);
    }),
  );
  const guests = network.routes.filter(({ protocol }) => protocol === String(ROUTE_PROTOCOL));
  if (guests.length > 0)
    report.dropped("host routes of guests", `${String(guests.length)}: the hook makes them`);
  for (const route of network.routes) {
    const { protocol } = route;
    const isOther =
      protocol !== "kernel" && protocol !== String(ROUTE_PROTOCOL) && !taken.has(route) && protocol !== "ra";
    if (!isOther || (isDiscard(route) && route.table === "main" && parsePrefix(route.to) !== null)) continue;
    // A routing daemon makes its routes again (rtnetlink.h, RTPROT_BIRD and others).
    const daemons = !["boot", "static", "dhcp"].includes(protocol);
    report.dropped(
      `route ${wordsOf(route)}`,
      daemons
        ? `of protocol ${protocol}, whose daemon makes it`
        : "host.json has no key for further routes: add it to the network manager's own configuration",
      !daemons,
    );
  }
  for (const { family, text } of network.rules)
    report.dropped(`rule ${text}`, `host.json has no key for policy rules (${family})`, true);
};
