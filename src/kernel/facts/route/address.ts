import { type Address, familyOf, parseAddress } from "../../../values/address.ts";
import type { IfName } from "../../../values/names.ts";
import { ip } from "../command.ts";
import type { FactKind } from "../fact-kind.ts";
import { asList, asNumber, membersOf, asText } from "../../../values/json.ts";

/** An address of the host's own on a tap: a guest's gateway. */
export interface AddressFact {
  readonly kind: "address";
  readonly dev: IfName;
  readonly address: Address;
  readonly length: number;
}

/** Reads what `ip -json address show dev DEV` prints. */
export const observeAddresses = (dev: IfName, documents: readonly unknown[]): readonly AddressFact[] =>
  documents
    .flatMap((document) => asList(membersOf(document)["addr_info"]))
    .map(membersOf)
    .flatMap((entry): readonly AddressFact[] => {
      const address = parseAddress(asText(entry["local"]) ?? "");
      const length = asNumber(entry["prefixlen"]);
      return address === null || length === null ? [] : [{ kind: "address", dev, address, length }];
    });

const words = ({ address, length, dev }: AddressFact): string => `${address}/${String(length)} dev ${dev}`;

export const address: FactKind<AddressFact> = {
  key: words,
  device: ({ dev }) => dev,
  slot: ({ kind }) => (kind === "remove" ? "remove address" : "add address"),
  // A gateway never waits for duplicate address detection: the same one is on each tap, alone with its guest.
  add: ([fact]) => [
    ip(`address add ${words(fact)} ${familyOf(fact.address) === "ipv6" ? "nodad" : "scope link"}`),
  ],
  remove: ([fact]) => [ip(`address del ${words(fact)}`)],
  describe: ([fact]) => `address ${words(fact)}`,
  observe: {
    from: "questions",
    queries: ({ taps }) =>
      taps.map(({ dev }) => ({
        ...{ tool: "ip", object: "address", verb: "show", dev, args: "" },
        read: (documents) => observeAddresses(dev, documents),
      })),
  },
};
