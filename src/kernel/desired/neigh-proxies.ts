import { type Demand, PROXY_NDP } from "../facts/demand.ts";
import type { Desired } from "../facts/desired.ts";
import type { NeighProxyFact } from "../facts/fact.ts";
import type { RoutedNic } from "../../guest/nic.ts";
import { NO_SCOPE } from "../facts/scope.ts";
import { familiesOf } from "./tap-settings.ts";

const proxiesOf = ({ attachment: { addresses, proxyOn } }: RoutedNic): readonly NeighProxyFact[] =>
  proxyOn.flatMap((dev) =>
    addresses.map((address): NeighProxyFact => ({ kind: "neigh-proxy", address, dev })),
  );

/** On the uplinks that the profile names the host answers for the guest's addresses, and for no other (ip-neighbour(8)). */
export const desiredNeighProxies = (nic: RoutedNic): Desired => {
  const { tap, attachment } = nic;
  const { proxyOn } = attachment;
  const ipv6 = proxyOn.length > 0 && familiesOf(attachment).has("ipv6");
  return {
    facts: proxiesOf(nic),
    demands: [
      ...proxyOn.map((uplink): Demand => ({ kind: "uplink", tap, uplink })),
      ...(ipv6 ? [{ kind: "proxy-ndp", tap } as const] : []),
    ],
    scope: { ...NO_SCOPE, links: proxyOn, proxies: proxiesOf(nic), sysctls: ipv6 ? [PROXY_NDP] : [] },
  };
};

/** An uplink outlives the tap, and so do the host's answers there. */
export const desiredNoNeighProxies = (nic: RoutedNic): Desired => ({
  facts: [],
  demands: [],
  scope: { ...NO_SCOPE, proxies: proxiesOf(nic) },
});
