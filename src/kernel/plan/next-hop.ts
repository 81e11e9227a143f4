import { type Address, familyOf, toHostPrefix } from "../../values/address.ts";
import { type Fact, keyOf } from "../facts/fact.ts";
import type { Observed } from "../facts/observed.ts";
import type { RouteFact } from "../facts/route/route.ts";
import { learnedIn } from "./route-conflict.ts";

/** Returns the link-local address by which the host reaches the guest on its tap, independent of the guest's own. */
const linkLocalOn = ({ dev }: RouteFact, facts: readonly Fact[]): Address | null =>
  facts.flatMap((fact) => (fact.kind === "neigh" && fact.dev === dev ? fact.address : []))[0] ?? null;

/**
 * An IPv6 network goes via the guest's own address. The kernel refuses a next hop that some route leads elsewhere, on link or not
 * (ip6_route_check_nh_onlink, net/ipv6/route.c), as that address is while another host announces it: the network then goes
 * via the guest's link-local address, and a route that does so is as good.
 */
export const withNextHops = (facts: readonly Fact[], observed: Observed): readonly Fact[] => {
  const learned = new Set(learnedIn(observed.routes));
  return facts.map((fact) => {
    if (fact.kind !== "route" || fact.via === null || familyOf(fact.via) === "ipv4") return fact;
    const linkLocal = linkLocalOn(fact, facts);
    if (linkLocal === null) return fact;
    const goesSo = (one: Fact | undefined): boolean =>
      one?.kind === "route" && one.to === fact.to && one.dev === fact.dev && one.via === linkLocal;
    const seen = observed.facts.get(keyOf(fact));
    // One on a standby route: the other host may announce the address for a while.
    const refused = learned.has(toHostPrefix(fact.via)) || [...observed.facts.values()].some(goesSo);
    return goesSo(seen) || (seen === undefined && refused) ? { ...fact, via: linkLocal } : fact;
  });
};
