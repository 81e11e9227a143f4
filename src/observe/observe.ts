import { ROUTE_PROTOCOL } from "../model/fact.ts";
import { hostState } from "../model/host-state.ts";
import type { Host } from "../model/host.ts";
import type { Link } from "../model/link.ts";
import type { Scope } from "../model/scope.ts";
import type { View } from "../model/view.ts";
import { observePortFlags, observeTap, parseLink } from "./link.ts";
import { observeAddresses, observeRoutes } from "./route.ts";
import { show } from "./show.ts";
import { observeSourceCheck } from "./source-check.ts";
import { observeSysctls } from "./sysctl.ts";
import { observeFdb, observePortVlans } from "./vlan.ts";

/**
 * Looks at the kernel, within the scope and never at all of it: the cost does not grow with the guests of the host.
 * At most three processes, side by side. Rejects when a tool cannot be started or answers nonsense.
 */
export const observe = async (scope: Scope, host: Host): Promise<View> => {
  const { links, ports, taps } = scope;
  // Links come last: `link show` leaves its packet family behind in the process (iproute2 6.1, ip/ipaddress.c), and
  // an address or a route asked for after it is not shown.
  const ip = show(host.run, "ip", [
    ...taps.map(({ dev }) => `address show dev ${dev}`),
    ...taps.map(({ dev }) => `route show table all dev ${dev} proto ${String(ROUTE_PROTOCOL)}`),
    ...links.map((dev) => `link show dev ${dev}`),
  ]);
  const bridge = show(host.run, "bridge", [
    ...ports.map((dev) => `vlan show dev ${dev}`),
    ...ports.map((dev) => `fdb show dev ${dev}`),
  ]);
  const sourceCheck = scope.sourceCheck ? observeSourceCheck(host.run) : [];
  const [ipShown, bridgeShown, rules] = await Promise.all([ip, bridge, sourceCheck]);

  const seen = links.flatMap((_, index): readonly Link[] =>
    (ipShown[2 * taps.length + index] ?? []).map(parseLink),
  );
  const byName = new Map(seen.map((link) => [link.name, link]));
  return {
    links: byName,
    facts: hostState([
      ...ports.flatMap((dev) => {
        const link = byName.get(dev);
        return link === undefined ? [] : observePortFlags(link);
      }),
      ...taps.flatMap(({ dev, alias }, index) => {
        const link = byName.get(dev);
        const own = link === undefined ? [] : observeTap(link, alias);
        // A device of somebody else has nothing that we may take away.
        if (own.length === 0) return [];
        return [
          ...own,
          ...observeAddresses(dev, ipShown[index] ?? []),
          ...observeRoutes(dev, ipShown[taps.length + index] ?? []),
        ];
      }),
      ...ports.flatMap((dev, index) => [
        ...observePortVlans(dev, bridgeShown[index] ?? []),
        ...observeFdb(dev, bridgeShown[ports.length + index] ?? []),
      ]),
      ...observeSysctls(host, scope.sysctls),
      ...rules,
    ]),
  };
};
