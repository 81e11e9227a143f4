import { type Address, parseAddress } from "../../../values/address.ts";
import { type Mac, parseMac } from "../../../values/mac.ts";
import type { IfName } from "../../../values/names.ts";
import { ip } from "../command.ts";
import type { FactKind } from "../fact-kind.ts";
import { membersOf, asText } from "../../../values/json.ts";
import { ROUTE_PROTOCOL } from "./route.ts";

/** A neighbour that the host need not ask for, of guestnet's protocol: the guest's NIC is what answers to this address on its tap. */
export interface NeighFact {
  readonly kind: "neigh";
  readonly address: Address;
  readonly dev: IfName;
  readonly mac: Mac;
}

/** Reads what `ip -json -N neigh show dev TAP nud permanent` prints: of the permanent neighbours, those of guestnet's protocol. */
export const observeNeighbours = (dev: IfName, documents: readonly unknown[]): readonly NeighFact[] =>
  documents.map(membersOf).flatMap((entry): readonly NeighFact[] => {
    const address = parseAddress(asText(entry["dst"]) ?? "");
    const mac = parseMac(asText(entry["lladdr"]) ?? "");
    const isOurs = asText(entry["protocol"]) === String(ROUTE_PROTOCOL);
    return isOurs && address !== null && mac !== null ? [{ kind: "neigh", address, dev, mac }] : [];
  });

export const neigh: FactKind<NeighFact> = {
  key: ({ address, dev }) => `${address} ${dev}`,
  device: ({ dev }) => dev,
  slot: ({ kind }) => (kind === "remove" ? "remove neigh" : "add neigh"),
  // `replace`: the host may have a learned entry for this address already.
  add: ([{ address, dev, mac }]) => [
    ip(`neigh replace ${address} lladdr ${mac} dev ${dev} nud permanent protocol ${String(ROUTE_PROTOCOL)}`),
  ],
  remove: ([{ address, dev }]) => [ip(`neigh del ${address} dev ${dev}`)],
  describe: ([{ address, dev }]) => `neighbour ${address} dev ${dev}`,
  observe: {
    from: "questions",
    queries: ({ taps }) =>
      taps.map(({ dev }) => ({
        ...{ tool: "ip", object: "neigh", verb: "show", dev, args: "nud permanent" },
        read: (documents) => observeNeighbours(dev, documents),
      })),
  },
};
