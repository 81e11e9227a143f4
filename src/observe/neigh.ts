import { parseAddress } from "../model/address.ts";
import { type Fact, ROUTE_PROTOCOL } from "../model/fact.ts";
import type { IfName } from "../model/names.ts";
import type { Scope } from "../model/scope.ts";
import { asObject, asText } from "./json.ts";

/** Reads what `ip -json -N neigh show proxy dev UPLINK` prints: of all that the host answers for, what is ours and in the scope. */
export const observeProxies = (
  dev: IfName,
  { proxies }: Scope,
  documents: readonly unknown[],
): readonly Fact[] =>
  documents.map(asObject).flatMap((entry): readonly Fact[] => {
    const address = parseAddress(asText(entry["dst"]) ?? "");
    const ours = asText(entry["protocol"]) === String(ROUTE_PROTOCOL);
    return ours && address !== null && proxies.some((one) => one.dev === dev && one.address === address)
      ? [{ kind: "neigh-proxy", address, dev }]
      : [];
  });
