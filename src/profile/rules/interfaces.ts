import { type Address, familyOf, parseAddress, type Prefix } from "../../values/address.ts";
import { readPrefix } from "../../values/address-range.ts";
import type { Issue } from "../../values/issue.ts";
import type { Site } from "../../guest/site.ts";
import { type JsonObject } from "../../values/json.ts";
import { interfacesOf, type Placed, placedTexts } from "../../text/unchecked.ts";
import type { Document } from "../../text/document.ts";
import { found } from "../../text/schema.ts";
import { checkGateway, FAMILY_WORDS } from "./gateway.ts";
import { checkCard } from "./card.ts";
import { checkMacs } from "./mac-addresses.ts";
import { checkVlanAddresses } from "./vlan-addresses.ts";
import {
  checkUnlisted,
  checkTrunkOverlap,
  checkVlanChoice,
  checkVlanNames,
  type PlacedNic,
} from "./vlans.ts";

type NicRule = (nic: Placed<JsonObject>, document: Document) => readonly Issue[];

const toNetwork = (text: string): Address | Prefix | null => {
  const read = readPrefix(text);
  return read.kind === "prefix" ? read.prefix : parseAddress(text);
};

/** A prefix is routed via the guest's first address of its family, and a gateway serves one: so there has to be one. */
const families: NicRule = ({ value: nic, path }, { issue }) => {
  if (nic["type"] !== "routed" || (nic["prefixes"] ?? nic["gateway"]) === undefined) return [];
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
        const family = FAMILY_WORDS[familyOf(network)];
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

/** The guest is not its own gateway, which is that of host.json for each family of which the profile has none. */
const othersGateway = ({ value: nic, path }: PlacedNic, { issue }: Document, site: Site | null): Issue[] => {
  if (nic["type"] !== "routed") return [];
  const own = placedTexts(nic, "gateway", path).flatMap(({ value }) => parseAddress(value) ?? []);
  const families = new Set(own.map(familyOf));
  const hosts = (site?.routed.gateways ?? []).filter((gateway) => !families.has(familyOf(gateway)));
  return placedTexts(nic, "addresses", path).flatMap(({ value, path: where }): Issue[] => {
    const address = parseAddress(value.replace(/\/(32|128)$/, ""));
    return address !== null && hosts.includes(address)
      ? [issue("gateway", where, `must differ from the gateway in host.json, found ${found(value)}`)]
      : [];
  });
};

/** The gateway of the network of untagged frames. */
const onLink: NicRule = (placed, document) =>
  placed.value["type"] === "routed" ? [] : checkGateway(placed, document);

const isEmptyList = (value: unknown): boolean => Array.isArray(value) && value.length === 0;

/** The guest's untagged frames are in the native VLAN. Without one the bridge drops them, from any address. */
const untagged: NicRule = ({ value: nic, path }, { issue }) =>
  nic["trunk"] === undefined || nic["native"] !== undefined
    ? []
    : (["addresses", "sharedAddresses"] as const)
        .filter((key) => !(nic[key] === undefined || (key === "addresses" && isEmptyList(nic[key]))))
        .map((key) =>
          issue(
            "address",
            [...path, key],
            `cannot be used on a trunk without "native", which drops untagged frames: set them in "vlanAddresses", found ${found(nic[key])}`,
          ),
        );

/** Reports options of a port where the hook has no effect. */
const unfiltered: NicRule = ({ value: nic, path }, { issue }) =>
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
const apart: NicRule = ({ value: nic, path }, { issue }) => {
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
    ...(nic["anycast"] !== undefined && nic["anycast"] !== false
      ? beside("proxy", "anycast", '"anycast" (only one host can answer for an address)')
      : []),
  ];
};

const RULES: readonly ((nic: PlacedNic, document: Document, site: Site | null) => readonly Issue[])[] = [
  checkVlanChoice,
  checkVlanNames,
  checkTrunkOverlap,
  families,
  othersGateway,
  onLink,
  untagged,
  checkVlanAddresses,
  checkCard,
  unfiltered,
  checkMacs,
  apart,
];

/** Checks rules between the parts of one interface, which a schema cannot express. */
export const checkInterfaces = (document: Document, site: Site | null): readonly Issue[] =>
  interfacesOf(document).flatMap((nic) => RULES.flatMap((rule) => rule(nic, document, site)));

/** The host answers NDP and ARP for single addresses (ip-neighbour(8)): for a network there is no such entry. A warning. */
const unanswered: NicRule = ({ value: nic, path }, { warning }) =>
  nic["type"] === "routed" && nic["proxy"] !== undefined
    ? placedTexts(nic, "prefixes", path).map(({ value, path: where }) =>
        warning(
          "prefix",
          where,
          `"proxy" answers for addresses only, as the kernel does: route this network on the upstream router via an address of the guest, found ${found(value)}`,
        ),
      )
    : [];

/** Warns of settings that are valid and probably unintended. */
export const warnOfInterfaces = (document: Document, site: Site | null): readonly Issue[] =>
  interfacesOf(document).flatMap((nic) => [
    ...checkUnlisted(nic, document, site),
    ...unanswered(nic, document),
  ]);
