import { FAMILY_WORDS } from "../../profile/rules/gateway.ts";
import { readInterfaceAddress } from "../../profile/schema/network.ts";
import type { Document } from "../../text/document.ts";
import { found } from "../../text/schema.ts";
import { didYouMean } from "../../text/unknown-keys.ts";
import { asObject } from "../../values/json.ts";
import { type Placed, placedTexts } from "../../text/unchecked.ts";
import { familyOf, hostLength, parseAddress } from "../../values/address.ts";
import { isIn, isNetworksOwn, addressKind, toNetworkOf } from "../../values/address-range.ts";
import { type Issue, renderPath } from "../../values/issue.ts";
import {
  siteBridges,
  siteInterfaces,
  type NamedObject,
  networksOf,
  siteRouted,
  type SiteRule,
} from "./unchecked-site.ts";

/** Every network in which the host has addresses. */
const ownNetworksOf = (document: Document): readonly NamedObject[] => [
  ...siteBridges(document).flatMap(networksOf),
  ...siteInterfaces(document),
];

/** The host's addresses in a network, as far as they can be read. */
export const addressesOf = ({ value, path }: NamedObject) =>
  placedTexts(value, "addresses", path).flatMap(({ value: text, path: where }) => {
    const own = readInterfaceAddress(text);
    return own === null ? [] : [{ own, path: where }];
  });

/** Returns what keeps the host from reaching a gateway. */
const whyUnreachable = (network: NamedObject, { value }: Placed<string>): string | null => {
  const gateway = parseAddress(value);
  if (gateway === null) return null;
  const family = familyOf(gateway);
  const same = addressesOf(network)
    .map(({ own }) => own)
    .filter(({ address }) => familyOf(address) === family);
  if (same.length === 0) return `requires ${FAMILY_WORDS[family]} address in "addresses"`;
  if (same.some(({ address }) => address === gateway)) return "must differ from the host's own address";
  if (same.some((mine) => isNetworksOwn(gateway, mine)))
    return "must not be the network's own or its broadcast address";
  // To a /32 or /128 every gateway is reached over an on-link route, and a link-local one is on every link.
  const reached = same.some((mine) => mine.length === hostLength(mine.address) || isIn(gateway, mine));
  return reached || addressKind(gateway) === "linkLocal"
    ? null
    : `must be in a network of "addresses" (${same.map(toNetworkOf).join(", ")})`;
};

/** Gateways are reachable, and a routing table has one default route of each family. */
const checkGateways: SiteRule = (document) => {
  const first = new Map<string, Issue["path"]>();
  return ownNetworksOf(document).flatMap((network) =>
    placedTexts(network.value, "gateway", network.path).flatMap((placed): readonly Issue[] => {
      const gateway = parseAddress(placed.value);
      if (gateway === null) return [];
      const complain = (what: string): readonly Issue[] => [
        document.issue("gateway", placed.path, `${what}, found ${found(placed.value)}`),
      ];
      const why = whyUnreachable(network, placed);
      if (why !== null) return complain(why);
      const words = FAMILY_WORDS[familyOf(gateway)].slice(3);
      const table = JSON.stringify([familyOf(gateway), network.value["vrf"] ?? null]);
      const before = first.get(table);
      first.set(table, before ?? placed.path);
      return before === undefined
        ? []
        : complain(`must be the only ${words} gateway of the host: another is at ${renderPath(before)}`);
    }),
  );
};

/** Each address is the host's once. */
const checkTwice: SiteRule = (document) => {
  const first = new Map<string, Issue["path"]>();
  return ownNetworksOf(document)
    .flatMap(addressesOf)
    .flatMap(({ own: { address }, path }): readonly Issue[] => {
      const before = first.get(address);
      first.set(address, before ?? path);
      if (before === undefined) return [];
      return [
        document.issue("duplicate", path, `${address} is already at ${renderPath(before)}: remove one`),
      ];
    });
};

/** A VRF is one of the host's. */
const checkVrfs: SiteRule = (document) => {
  const names = Object.keys(asObject(siteRouted(document)["vrfs"]) ?? {});
  return ownNetworksOf(document).flatMap(({ value: { vrf }, path }): readonly Issue[] => {
    if (typeof vrf !== "string" || names.includes(vrf)) return [];
    const known = names.length === 0 ? "it has none" : `it has: ${names.join(", ")}`;
    const message = `must be a VRF of "routed.vrfs"${didYouMean(vrf, names)} (${known}), found ${found(vrf)}`;
    return [document.issue("vrf", [...path, "vrf"], message)];
  });
};

/** A routing table belongs to one VRF. */
const checkTables: SiteRule = (document) => {
  const first = new Map<unknown, string>();
  return Object.entries(asObject(siteRouted(document)["vrfs"]) ?? {}).flatMap(([vrf, table]) => {
    const before = first.get(table);
    first.set(table, before ?? vrf);
    if (before === undefined || typeof table !== "number") return [];
    const message = `table ${table} is already that of VRF ${before}: use another`;
    return [document.issue("duplicate", ["routed", "vrfs", vrf], message)];
  });
};

export const addressRules: readonly SiteRule[] = [checkGateways, checkTwice, checkVrfs, checkTables];
