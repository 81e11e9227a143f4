import { type Address, parseAddress } from "../../../values/address.ts";
import type { IfName } from "../../../values/names.ts";
import { ip } from "../command.ts";
import type { FactKind } from "../fact-kind.ts";
import { membersOf, asText } from "../../../values/json.ts";
import { ROUTE_PROTOCOL } from "./route.ts";
import type { Scope } from "../scope.ts";

/** The host's answers for a guest's address on an uplink, of guestnet's protocol as the routes are. */
export interface NeighProxyFact {
  readonly kind: "neigh-proxy";
  readonly address: Address;
  readonly dev: IfName;
}

/** Reads what `ip -json -N neigh show dev UPLINK proxy` prints: of all proxies, guestnet's in the scope. */
export const observeProxies = (
  dev: IfName,
  { proxies }: Pick<Scope, "proxies">,
  documents: readonly unknown[],
): readonly NeighProxyFact[] =>
  documents.map(membersOf).flatMap((entry): readonly NeighProxyFact[] => {
    const address = parseAddress(asText(entry["dst"]) ?? "");
    const isOurs = asText(entry["protocol"]) === String(ROUTE_PROTOCOL);
    return isOurs && address !== null && proxies.some((one) => one.dev === dev && one.address === address)
      ? [{ kind: "neigh-proxy", address, dev }]
      : [];
  });

export const neighProxy: FactKind<NeighProxyFact> = {
  key: ({ address, dev }) => `${address} ${dev}`,
  device: ({ dev }) => dev,
  slot: ({ kind }) => (kind === "remove" ? "remove neigh-proxy" : "add neigh-proxy"),
  add: ([{ address, dev }]) => [
    ip(`neigh add proxy ${address} dev ${dev} protocol ${String(ROUTE_PROTOCOL)}`),
  ],
  remove: ([{ address, dev }]) => [ip(`neigh del proxy ${address} dev ${dev}`)],
  describe: ([{ address, dev }]) => `neighbour proxy ${address} dev ${dev}`,
  observe: {
    from: "questions",
    queries: (scope) =>
      [...new Set(scope.proxies.map(({ dev }) => dev))].map((dev) => ({
        ...{ tool: "ip", object: "neigh", verb: "show", dev, args: "proxy" },
        read: (documents) => observeProxies(dev, scope, documents),
      })),
  },
};
