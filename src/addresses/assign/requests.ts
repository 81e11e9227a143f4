import {
  familyOf,
  type Family,
  hostLength,
  parseAddress,
  partsOf,
  type Prefix,
} from "../../values/address.ts";
import type { Issue } from "../../values/issue.ts";
import { good, refused, type Result } from "../../values/result.ts";
import type { Document } from "../../text/document.ts";
import { found } from "../../text/schema.ts";
import { asObject, type JsonObject } from "../../values/json.ts";
import { interfacesOf, type Placed, placedTexts } from "../../text/unchecked.ts";
import { isInside, numbersOf } from "../numbers.ts";
import type { PlannedSite } from "../plan/planned.ts";

/** What the command line asks for. */
export interface AssignOptions {
  /** The network to take from; null for those of host.json. */
  readonly from: Prefix | null;
  /** The length of a network to route to each NIC as well; null for none. */
  readonly length: number | null;
  /** The only interface, by its index; null for each routed one that lacks addresses. */
  readonly nic: number | null;
}

/** What a NIC lacks, and the networks that have it. */
export interface NicRequest {
  readonly path: Issue["path"];
  readonly addresses: readonly { readonly family: Family; readonly from: readonly Prefix[] }[];
  /** Networks on link, whose length is written with an address; null for a routed NIC, where none is. */
  readonly onLink: readonly Prefix[] | null;
  readonly network: { readonly length: number; readonly from: readonly Prefix[] } | null;
}

const FAMILIES: readonly Family[] = ["ipv6", "ipv4"];

/** Returns the networks of host.json for a NIC: the routed ones, or those of the VLAN of its untagged frames. */
const networksFor = (nic: JsonObject, { networks }: PlannedSite): readonly Prefix[] =>
  networks.flatMap(({ prefix, place }) => {
    if (place.kind === "routed") return nic["type"] === "routed" ? [prefix] : [];
    const vlan = nic["trunk"] === undefined ? nic["vlan"] : nic["native"];
    const isOn = nic["type"] === "bridge" && nic["bridge"] === place.bridge;
    return isOn && (vlan === place.name || Number(vlan) === place.vid) ? [prefix] : [];
  });

const isInOne = (prefix: Prefix, outer: readonly Prefix[]): boolean =>
  outer.some((one) => isInside(numbersOf(prefix), numbersOf(one)));

const has = (nic: JsonObject, key: string): boolean => placedTexts(nic, key, []).length > 0;

/** IPv6 unless the length, or the network to take from, says otherwise. */
const familyFor = ({ from, length }: AssignOptions): Family => {
  if (from !== null) return familyOf(from);
  return length !== null && length <= 32 ? "ipv4" : "ipv6";
};

const addressesOf = (nic: JsonObject): readonly string[] =>
  placedTexts(nic, "addresses", []).map(({ value }) => value.split("/", 1)[0] ?? "");

/** Families that the NIC has no address of yet or, with `--from`, no address in there. */
const lacking = (
  nic: JsonObject,
  networks: readonly Prefix[],
  from: Prefix | null,
): NicRequest["addresses"] => {
  const own = addressesOf(nic).flatMap((text) => parseAddress(text) ?? []);
  if (from !== null) {
    const there = own.some((address) => isInside(numbersOf(address), numbersOf(from)));
    return there ? [] : [{ family: familyOf(from), from: [from] }];
  }
  return FAMILIES.flatMap((family) => {
    const some = networks.filter((one) => familyOf(one) === family);
    return some.length === 0 || own.some((address) => familyOf(address) === family)
      ? []
      : [{ family, from: some }];
  });
};

const hasNetwork = (nic: JsonObject, { from, length }: AssignOptions): boolean =>
  placedTexts(nic, "prefixes", []).some(
    ({ value }) =>
      value.endsWith(`/${String(length)}`) && (from === null || isInOne(value as Prefix, [from])),
  );

const requestOf = (
  { value: nic, path }: Placed<JsonObject>,
  { issue }: Document,
  site: PlannedSite,
  options: AssignOptions,
): Result<NicRequest, Issue> => {
  const { from, length } = options;
  const isRouted = nic["type"] === "routed";
  if (typeof nic["addresses"] === "string") {
    const message = `must be a list to be given addresses: remove the key, found ${found(nic["addresses"])}`;
    return refused(issue("wrong-type", [...path, "addresses"], message));
  }
  const networks = networksFor(nic, site);
  const what = isRouted ? "routed.prefixes" : '"prefixes" of the VLAN';
  if (networks.length === 0) {
    return refused(issue("prefix", path, `requires ${what} in host.json to assign from, found none`));
  }
  if (from !== null && !isInOne(from, networks)) {
    const message = `cannot be assigned from ${from}: it must be in one of ${what} of host.json, ${networks.join(", ")}`;
    return refused(issue("prefix", path, message));
  }
  if (length === null) {
    const addresses = lacking(nic, networks, from);
    return good({ path, addresses, onLink: isRouted ? null : networks, network: null });
  }
  if (!isRouted) return refused(issue("prefix", path, "must be routed to be given a network"));
  const family = familyFor(options);
  const some = (from === null ? networks.filter((one) => familyOf(one) === family) : [from]).filter(
    (one) => partsOf(one).length <= length && length <= hostLength(partsOf(one).address),
  );
  if (some.length === 0) {
    const message = `cannot be given a network of length ${String(length)}: the networks are ${(from === null ? networks : [from]).join(", ")}`;
    return refused(issue("prefix", path, message));
  }
  return good({
    ...{ path, onLink: null },
    // A network is routed via an address of its family.
    addresses: lacking(nic, networks, null).filter((one) => !has(nic, "addresses") || one.family === family),
    network: hasNetwork(nic, options) ? null : { length, from: some },
  });
};

/** Returns whether a NIC is meant, without being named. */
const isMeant = (nic: JsonObject, { length }: AssignOptions): boolean =>
  nic["type"] === "routed" && (!has(nic, "addresses") || (length !== null && !has(nic, "prefixes")));

/**
 * Returns what the NICs of a profile lack: of those without an address, or of the one that was named.
 *
 * @param site its host.json
 */
export const requestsOf = (
  document: Document,
  site: PlannedSite,
  options: AssignOptions,
): Result<readonly NicRequest[], Issue> => {
  const all = interfacesOf(document);
  const { nic } = options;
  const chosen = all.filter(({ value, path }) => (nic === null ? isMeant(value, options) : path[1] === nic));
  if (nic !== null && chosen.length === 0) {
    const message = `interfaces: must have an interface ${String(nic)}, found ${String(all.length)}`;
    return refused(document.issue("count", asObject(document.value) === null ? [] : ["interfaces"], message));
  }
  const results = chosen.map((one) => requestOf(one, document, site, options));
  const problems = results.flatMap((result) => (result.ok ? [] : result.problems));
  if (problems.length > 0) return refused(...problems);
  const requests = results.flatMap((result) => (result.ok ? [result.value] : []));
  return good(requests.filter(({ addresses, network }) => addresses.length > 0 || network !== null));
};
