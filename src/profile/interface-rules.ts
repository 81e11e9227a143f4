import { type Address, familyOf, parseAddress, type Prefix, readPrefix } from "../model/address.ts";
import type { Issue } from "../model/issue.ts";
import { expandRange, parseRange, toVid } from "../model/vid.ts";
import { asList, interfacesOf, type Placed, placedTexts, type Written } from "./as-written.ts";
import type { Document } from "./document.ts";
import { found } from "./say.ts";

type Rule = (nic: Placed<Written>, document: Document) => readonly Issue[];

/** Exactly one of `vlan` and `trunk`: no VLAN said never means "whatever the bridge does". */
const vlanChoice: Rule = ({ value: nic, path }, { issue }) => {
  if (nic["type"] !== "bridge") return [];
  const [access, trunk] = [nic["vlan"] !== undefined, nic["trunk"] !== undefined];
  if (access && trunk) {
    const both = `has both "vlan": ${found(nic["vlan"])} and "trunk"`;
    return [issue("vlan-choice", path, `${both}: use "vlan" for an access port or "trunk" for tagged VLANs`)];
  }
  if (!access && !trunk) {
    const use = `use "vlan": 20 for an access port or "trunk": [30, "100-199"]`;
    return [issue("vlan-choice", path, `has neither "vlan" nor "trunk": ${use}`)];
  }
  if (access && nic["native"] !== undefined) {
    const message = `"native" is a trunk's VLAN for untagged frames, found beside "vlan": leave it out, or use "trunk"`;
    return [issue("vlan-choice", [...path, "native"], message)];
  }
  return [];
};

const vidsOf = (item: unknown): readonly number[] => {
  const range = typeof item === "string" || typeof item === "number" ? parseRange(String(item)) : null;
  return range === null ? [] : expandRange(range);
};

/** Each VLAN of a trunk once, and the native one not among the tagged ones. */
const trunkOverlap: Rule = ({ value: nic, path }, { issue }) => {
  const native = typeof nic["native"] === "number" ? toVid(nic["native"]) : null;
  const seen = new Map<number, number>();
  return asList(nic["trunk"]).flatMap((item, index): readonly Issue[] => {
    const vids = vidsOf(item);
    const complain = (what: string): Issue =>
      issue("vlan-overlap", [...path, "trunk", index], `${what}, found ${found(item)}`);
    const before = vids.find((vid) => seen.has(vid));
    const first = before === undefined ? "" : `trunk[${seen.get(before) ?? 0}]`;
    for (const vid of vids) if (!seen.has(vid)) seen.set(vid, index);
    return [
      ...(native !== null && vids.includes(native)
        ? [complain(`VLAN ${native} is the native VLAN and leaves untagged; it cannot be tagged as well`)]
        : []),
      ...(before === undefined ? [] : [complain(`VLAN ${before} is already in ${first}; name each once`)]),
    ];
  });
};

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
          return [
            issue(code, where, `needs ${family} address of the guest in "addresses", found ${found(value)}`),
          ];
        }
        return code === "gateway" && own.some((address) => address === network)
          ? [issue(code, where, `must be another address than the guest's own, found ${found(value)}`)]
          : [];
      },
    ),
  );
};

/** How the parts of one interface fit together, which a schema cannot say. */
export const checkInterfaces = (document: Document): readonly Issue[] =>
  interfacesOf(document).flatMap((nic) =>
    [vlanChoice, trunkOverlap, families].flatMap((rule) => rule(nic, document)),
  );
