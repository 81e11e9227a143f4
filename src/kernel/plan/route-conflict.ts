import type { Prefix } from "../../values/address.ts";
import type { Unmet } from "../facts/demand.ts";
import type { FoundRoute } from "../facts/route/found-route.ts";
import { ROUTE_PROTOCOL, WITHDRAWN_PROTOCOL } from "../facts/route/route.ts";
import type { IfName } from "../../values/names.ts";

/**
 * Protocols of routing daemons (/etc/iproute2/rt_protos): gated, mrt, zebra, bird, xorp, babel, open/r, bgp, isis, ospf,
 * rip, eigrp. What they learned is where the address is now: it moves here once the daemon announces it from here.
 */
const LEARNED: ReadonlySet<number> = new Set([8, 10, 11, 12, 14, 42, 99, 186, 187, 188, 189, 192]);

/** Returns whether a routing daemon has learned exactly this network from elsewhere. */
const isLearned = ({ sought, to, type, protocol }: FoundRoute): boolean =>
  type === "unicast" && to === sought.to && LEARNED.has(protocol);

const byGuest = ({ sought: { to }, to: found, dev }: FoundRoute, anycast: boolean): Unmet | null => {
  if (anycast && found === to) return null;
  const what = found === to ? "is" : `overlaps ${found ?? "the default route"}, which is`;
  const share = anycast || found !== to ? "" : ', or set "anycast": true for both';
  const gone = `if no guest uses that tap, run "ip link delete dev ${dev ?? ""}"`;
  return {
    found: `${to} ${what} already routed to the guest behind tap ${dev ?? "?"}`,
    fix: `assign another one to one of the guests${share}; ${gone}`,
  };
};

/**
 * Why a network cannot be the guest's.
 *
 * @param tap the guest's own, whose routes do not conflict
 * @returns who has it and what to do, or null when it is free
 */
export const routeConflict = (found: FoundRoute, tap: IfName, anycast: boolean): Unmet | null => {
  const { sought, to, type, dev, protocol } = found;
  if (dev === tap || type === "discard") return null;
  const where = dev ?? "several next hops";
  if (type === "local") {
    return {
      found: `${sought.to} is an address of this host, on ${where}`,
      fix: "remove it there, or assign another one to the guest",
    };
  }
  if (protocol === ROUTE_PROTOCOL || protocol === WITHDRAWN_PROTOCOL) return byGuest(found, anycast);
  if (to !== sought.to || isLearned(found)) return null;
  return {
    found: `${to} is already routed to ${where} (protocol ${protocol})`,
    fix: `remove that route (see "ip route show exact ${to}"), or assign another one to the guest`,
  };
};

/** Returns the networks that a routing daemon has learned from another host, of those that were looked up. */
export const learnedIn = (routes: readonly FoundRoute[]): readonly Prefix[] => [
  ...new Set(routes.filter(isLearned).map(({ sought }) => sought.to)),
];
