import { isVlanName, type Site } from "../../guest/site.ts";
import type { Document } from "../../text/document.ts";
import { found } from "../../text/schema.ts";
import { asList, asObject, type JsonObject } from "../../values/json.ts";
import { type Placed } from "../../text/unchecked.ts";
import type { Issue } from "../../values/issue.ts";
import { expandRange } from "../../values/vid.ts";
import { checkGateway } from "./gateway.ts";
import { hasVlans, type PlacedNic, rangeOf, whyUnknown } from "./vlans.ts";

/** The networks of a NIC in tagged VLANs, with their places. */
export const taggedNetworksOf = ({ value: nic, path }: PlacedNic): readonly Placed<JsonObject>[] =>
  nic["vlanAddresses"] === undefined
    ? []
    : Object.entries(asObject(nic["vlanAddresses"]) ?? {}).flatMap(([key, written]) => {
        const value = asObject(written);
        return value === null ? [] : [{ value, path: [...path, "vlanAddresses", key] }];
      });

/** Returns what is wrong with a key of "vlanAddresses": it must be one of the trunk's tagged VLANs. */
const checkKey = (
  key: string,
  nic: JsonObject,
  place: Issue["path"],
  { issue }: Document,
  site: Site | null,
): readonly Issue[] => {
  const range = rangeOf(key, nic, site);
  if (range === null) return isVlanName(key) ? [issue("vlan-name", place, whyUnknown(key, nic, site))] : [];
  const vid = range.first;
  if (range.first !== range.last)
    return [issue("vlan-choice", place, `must be one VLAN, found ${found(key)} (a range in host.json)`)];
  if (rangeOf(nic["native"], nic, site)?.first === vid)
    return [
      issue(
        "vlan-choice",
        place,
        `VLAN ${vid} is the native one: set its addresses in "addresses" of the NIC`,
      ),
    ];
  const tagged = asList(nic["trunk"]).flatMap((item) => {
    const one = rangeOf(item, nic, site);
    return one === null ? [] : expandRange(one);
  });
  return tagged.includes(vid)
    ? []
    : [issue("vlan-choice", place, `VLAN ${vid} is not among the tagged VLANs of "trunk"`)];
};

/** Addresses of tagged VLANs: of a trunk only, each VLAN once, with gateways in its networks. */
export const checkVlanAddresses = (
  placed: PlacedNic,
  document: Document,
  site: Site | null,
): readonly Issue[] => {
  const { value: nic, path } = placed;
  if (!hasVlans(nic) || nic["vlanAddresses"] === undefined) return [];
  if (nic["trunk"] === undefined) {
    const why = `requires "trunk": only a trunk has tagged VLANs, found ${found(nic["vlanAddresses"])}`;
    return [document.issue("vlan-choice", [...path, "vlanAddresses"], why)];
  }
  const seen = new Map<number, string>();
  return taggedNetworksOf(placed).flatMap((network): readonly Issue[] => {
    const key = String(network.path.at(-1));
    const vid = rangeOf(key, nic, site)?.first;
    const before = vid === undefined ? undefined : seen.get(vid);
    if (vid !== undefined && before === undefined) seen.set(vid, key);
    return [
      ...checkKey(key, nic, network.path, document, site),
      ...(before === undefined
        ? []
        : [
            document.issue("duplicate", network.path, `VLAN ${vid ?? 0} is already used at ${found(before)}`),
          ]),
      ...checkGateway(network, document),
    ];
  });
};
