import { type Family, familyOf, hostLength, parseAddress } from "../../values/address.ts";
import { isIn, isNetworksOwn, addressKind, toNetworkOf } from "../../values/address-range.ts";
import type { Issue } from "../../values/issue.ts";
import type { Document } from "../../text/document.ts";
import { found } from "../../text/schema.ts";
import { type JsonObject } from "../../values/json.ts";
import { type Placed, placedTexts } from "../../text/unchecked.ts";
import { readInterfaceAddress } from "../schema/network.ts";

/** A family, with its article. */
export const FAMILY_WORDS = { ipv4: "an IPv4", ipv6: "an IPv6" } as const;

/** Checks that each gateway is in a network of "addresses" beside it: otherwise the guest cannot reach it. */
export const checkGateway = (
  { value: network, path }: Placed<JsonObject>,
  { issue }: Document,
): readonly Issue[] => {
  if (network["gateway"] === undefined) return [];
  const own = placedTexts(network, "addresses", path).flatMap(
    ({ value }) => readInterfaceAddress(value) ?? [],
  );
  const families = new Set<Family>();
  return placedTexts(network, "gateway", path).flatMap(({ value, path: where }): readonly Issue[] => {
    const gateway = parseAddress(value);
    if (gateway === null) return [];
    const family = familyOf(gateway);
    const same = own.filter(({ address }) => familyOf(address) === family);
    const complain = (what: string): readonly Issue[] => [
      issue("gateway", where, `${what}, found ${found(value)}`),
    ];
    if (families.has(family))
      return complain(`must be the only ${FAMILY_WORDS[family].slice(3)} gateway of the interface`);
    families.add(family);
    if (same.length === 0) return complain(`requires ${FAMILY_WORDS[family]} address in "addresses"`);
    if (same.some(({ address }) => address === gateway))
      return complain("must differ from the guest's own address");
    if (same.some((mine) => isNetworksOwn(gateway, mine)))
      return complain("must not be the network's own or its broadcast address");
    // To a /32 or /128 every gateway is reached over an on-link route, and a link-local one is on every link.
    const reached = same.some((mine) => mine.length === hostLength(mine.address) || isIn(gateway, mine));
    return reached || addressKind(gateway) === "linkLocal"
      ? []
      : complain(`must be in a network of "addresses" (${same.map(toNetworkOf).join(", ")})`);
  });
};
