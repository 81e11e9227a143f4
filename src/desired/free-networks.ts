import { toHostPrefix } from "../model/address.ts";
import type { Demand } from "../model/demand.ts";
import type { Desired } from "../model/desired.ts";
import type { Lookup } from "../model/found-route.ts";
import type { RoutedNic } from "../model/guest.ts";
import { NO_SCOPE } from "../model/scope.ts";

/** Before a tap is made: that nobody else on the host has the guest's addresses and networks. */
export const desiredFreeNetworks = ({ tap, attachment }: RoutedNic): Desired => {
  const { addresses, prefixes, table, anycast } = attachment;
  const lookups = [...addresses.map(toHostPrefix), ...prefixes].map((to): Lookup => ({ to, table }));
  return {
    facts: [],
    demands: lookups.map((lookup): Demand => ({ kind: "free", tap, lookup, anycast })),
    scope: { ...NO_SCOPE, lookups },
  };
};
