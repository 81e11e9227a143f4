import {
  type Address,
  type Family,
  familyOf,
  hostLength,
  parseAddress,
  type Prefix,
} from "../../values/address.ts";
import { isIn, rangeOf, readPrefix, toNetworkOf } from "../../values/address-range.ts";
import type { Issue } from "../../values/issue.ts";
import type { Site } from "../../guest/site.ts";
import { interfacesOf, type Placed, placedTexts, type JsonObject } from "../../text/unchecked.ts";
import type { Document } from "../../text/document.ts";
import { readInterfaceAddress } from "../schema/network.ts";
import { found } from "../../text/schema.ts";
import { checkUnlisted, checkTrunkOverlap, checkVlanChoice, checkVlanNames } from "./vlans.ts";

type Rule = (nic: Placed<JsonObject>, document: Document) => readonly Issue[];

const toNetwork = (text: string): Address | Prefix | null => {
  const read = readPrefix(text);
  return read.kind === "prefix" ? read.prefix : parseAddress(text);
};
const NAMES = { ipv4: "an IPv4", ipv6: "an IPv6" } as const;

/** A prefix is routed via the guest's first address of its family, and a gateway serves one: so there has to be one. */
const families: Rule = ({ value: nic, path }, { issue }) => {
  if (nic["type"] !== "routed") return [];
  const own = placedTexts(nic, "addresses", path).flatMap(
    ({ value }) => parseAddress(value.replace(/\/(32|128)$/, "")) ?? [],
  );
  if (own.length === 0) return [];
  const has = new Set(own.map(familyOf));
  return (["prefix", "gateway"] as const).flatMap((code) =>
    placedTexts(nic, code === "prefix" ? "prefixes" : "gateway", path).flatMap(
      ({ value, path: where }): Issue[] => {
        const network = toNetwork(value);
        if (network === null) return [];
        const family = NAMES[familyOf(network)];
        if (!has.has(familyOf(network))) {
          return [issue(code, where, `requires ${family} address in "addresses", found ${found(value)}`)];
        }
        return code === "gateway" && own.some((address) => address === network)
          ? [issue(code, where, `must differ from the guest's own address, found ${found(value)}`)]
          : [];
      },
    ),
  );
};

/** An address with its network: the gateway has to be in it, or the guest could not reach it. */
const onLink: Rule = ({ value: nic, path }, { issue }) => {
  if (nic["type"] === "routed") return [];
  const own = placedTexts(nic, "addresses", path).flatMap(({ value }) => readInterfaceAddress(value) ?? []);
  const families = new Set<Family>();
  return placedTexts(nic, "gateway", path).flatMap(({ value, path: where }): readonly Issue[] => {
    const gateway = parseAddress(value);
    if (gateway === null) return [];
    const family = familyOf(gateway);
    const same = own.filter(({ address }) => familyOf(address) === family);
    const complain = (what: string): readonly Issue[] => [
      issue("gateway", where, `${what}, found ${found(value)}`),
    ];
    if (families.has(family))
      return complain(`must be the only ${NAMES[family].slice(3)} gateway of the interface`);
    families.add(family);
    if (same.length === 0) return complain(`requires ${NAMES[family]} address in "addresses"`);
    if (same.some(({ address }) => address === gateway))
      return complain("must differ from the guest's own address");
    // To a /32 or /128 every gateway is reached over an on-link route, and a link-local one is on every link.
    const reached = same.some((mine) => mine.length === hostLength(mine.address) || isIn(gateway, mine));
    return reached || rangeOf(gateway) === "linkLocal"
      ? []
      : complain(`must be in a network of "addresses" (${same.map(toNetworkOf).join(", ")})`);
  });
};

/** The guest's untagged frames are in the native VLAN. Without one the bridge drops them, from any address. */
const untagged: Rule = ({ value: nic, path }, { issue }) =>
  nic["addresses"] !== undefined && nic["trunk"] !== undefined && nic["native"] === undefined
    ? [
        issue(
          "address",
          [...path, "addresses"],
          `cannot be used on a trunk without "native": the guest has them untagged, and untagged frames are dropped, found ${found(nic["addresses"])}`,
        ),
      ]
    : [];

/** Reports options of a port where the hook has no effect. */
const unfiltered: Rule = ({ value: nic, path }, { issue }) =>
  nic["type"] === "bridge" && nic["filtering"] === false && nic["antispoof"] === true
    ? [
        issue(
          "wrong-choice",
          [...path, "antispoof"],
          'cannot be combined with "filtering": false (the hook does not change the port), found true',
        ),
      ]
    : [];

/** Reports options of a routed NIC that exclude each other. */
const apart: Rule = ({ value: nic, path }, { issue }) => {
  if (nic["type"] !== "routed") return [];
  const refuse = (key: string, why: string): Issue =>
    issue("wrong-choice", [...path, key], `cannot be combined with ${why}, found ${found(nic[key])}`);
  const beside = (key: string, other: string, why: string): readonly Issue[] =>
    nic[key] !== undefined && nic[other] !== undefined ? [refuse(key, why)] : [];
  return [
    ...beside("table", "vrf", '"vrf" (a VRF has its own table)'),
    // In a VRF a packet is forwarded from the VRF, no longer from the tap (l3mdev_ip_rcv).
    ...(nic["reach"] === "uplink-only"
      ? beside("reach", "vrf", '"vrf" (the host cannot distinguish its guests)')
      : []),
    ...(nic["anycast"] === true
      ? beside("proxy", "anycast", '"anycast" (only one host can answer for an address)')
      : []),
  ];
};

/** Checks rules between the parts of one interface, which a schema cannot express. */
export const checkInterfaces = (document: Document, site: Site | null): readonly Issue[] =>
  interfacesOf(document).flatMap((nic) =>
    [
      checkVlanChoice,
      checkVlanNames,
      checkTrunkOverlap,
      families,
      onLink,
      untagged,
      unfiltered,
      apart,
    ].flatMap((rule) => rule(nic, document, site)),
  );

/** The host answers NDP and ARP for single addresses (ip-neighbour(8)): for a network there is no such entry. A warning. */
const unanswered: Rule = ({ value: nic, path }, { warning }) =>
  nic["type"] === "routed" && nic["proxy"] !== undefined
    ? placedTexts(nic, "prefixes", path).map(({ value, path: where }) =>
        warning(
          "prefix",
          where,
          `"proxy" answers for addresses only: upstream needs a route to this network, found ${found(value)}`,
        ),
      )
    : [];

/** Warns of settings that are valid and probably unintended. */
export const warnOfInterfaces = (document: Document, site: Site | null): readonly Issue[] =>
  interfacesOf(document).flatMap((nic) => [
    ...checkUnlisted(nic, document, site),
    ...unanswered(nic, document),
  ]);
