import { parseAddress } from "../../values/address.ts";
import { type Fact, ROUTE_PROTOCOL } from "../facts/fact.ts";
import { parseMac } from "../../values/mac.ts";
import type { IfName } from "../../values/names.ts";
import type { Scope } from "../facts/scope.ts";
import { asObject, asText } from "./json.ts";

const isOurs = (protocol: string | null): boolean => protocol === String(ROUTE_PROTOCOL);

/** Reads what `ip -json -N neigh show dev TAP nud permanent` prints: of what the host need not ask for, what is of our protocol. */
export const observeNeighbours = (dev: IfName, documents: readonly unknown[]): readonly Fact[] =>
  documents.map(asObject).flatMap((entry): readonly Fact[] => {
    const address = parseAddress(asText(entry["dst"]) ?? "");
    const mac = parseMac(asText(entry["lladdr"]) ?? "");
    return isOurs(asText(entry["protocol"])) && address !== null && mac !== null
      ? [{ kind: "neigh", address, dev, mac }]
      : [];
  });

/** Reads what `ip -json -N neigh show proxy dev UPLINK` prints: of all that the host answers for, what is ours and in the scope. */
export const observeProxies = (
  dev: IfName,
  { proxies }: Scope,
  documents: readonly unknown[],
): readonly Fact[] =>
  documents.map(asObject).flatMap((entry): readonly Fact[] => {
    const address = parseAddress(asText(entry["dst"]) ?? "");
    return isOurs(asText(entry["protocol"])) &&
      address !== null &&
      proxies.some((one) => one.dev === dev && one.address === address)
      ? [{ kind: "neigh-proxy", address, dev }]
      : [];
  });
