import { toHostPrefix } from "../../values/address.ts";
import type { Demand } from "../facts/demand.ts";
import type { Desired } from "../facts/desired.ts";
import type { Lookup } from "../facts/found-route.ts";
import type { RoutedNic } from "../../guest/nic.ts";
import { NO_SCOPE } from "../facts/scope.ts";

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
