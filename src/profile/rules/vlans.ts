import type { Issue } from "../../values/issue.ts";
import { isVlanName, type Site, type SiteBridge } from "../../guest/site.ts";
import { expandRange, parseRange, renderRange, toVid, type VidRange } from "../../values/vid.ts";
import { asList, type JsonObject } from "../../values/json.ts";
import { type Placed } from "../../text/unchecked.ts";
import type { Document } from "../../text/document.ts";
import { didYouMean } from "../../text/unknown-keys.ts";
import { found } from "../../text/schema.ts";

export type PlacedNic = Placed<JsonObject>;
/** Returns whether the interface is of a kind that takes VLANs from a profile. */
export const hasVlans = (nic: JsonObject): boolean => nic["type"] === "bridge" || nic["type"] === "ovs";
/** Returns the bridge's name; empty for an invalid one, which the schema reports. */
const bridgeNameOf = ({ bridge }: JsonObject): string => (typeof bridge === "string" ? bridge : "");
const VLAN_KEYS = ["vlan", "trunk", "native"] as const;

/** Exactly one of `vlan` and `trunk`, and none where the bridge itself is the VLAN. */
export const checkVlanChoice = ({ value: nic, path }: PlacedNic, { issue }: Document): readonly Issue[] => {
  if (!hasVlans(nic)) return [];
  if (nic["filtering"] === false) {
    const given = VLAN_KEYS.filter((key) => nic[key] !== undefined);
    return given.map((key) => {
      const message = `cannot be combined with "filtering": false (a per-VLAN bridge), found ${found(nic[key])}`;
      return issue("vlan-choice", [...path, key], message);
    });
  }
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
    const message = `cannot be combined with "vlan" (only a trunk has a native VLAN), found ${found(nic["native"])}`;
    return [issue("vlan-choice", [...path, "native"], message)];
  }
  return [];
};

/** Returns the meaning of a VLAN in a profile: a number, a range, or a name that the bridge has in host.json. */
export const rangeOf = (item: unknown, nic: JsonObject, site: Site | null): VidRange | null => {
  if (typeof item === "string" && isVlanName(item))
    return site?.bridges.get(bridgeNameOf(nic))?.vlans.get(item) ?? null;
  return typeof item === "string" || typeof item === "number" ? parseRange(String(item)) : null;
};

/** All VLANs of a NIC as written in the file. */
const placedVlans = ({ value: nic, path }: PlacedNic): readonly Placed<unknown>[] => [
  ...(["vlan", "native"] as const).flatMap((key) =>
    nic[key] === undefined ? [] : [{ value: nic[key], path: [...path, key] }],
  ),
  ...asList(nic["trunk"]).map((value, index) => ({ value, path: [...path, "trunk", index] })),
];

/** Returns why a name stands for no VLAN. */
export const whyUnknown = (name: string, nic: JsonObject, site: Site | null): string => {
  const what = `unknown VLAN name ${found(name)}`;
  if (site === null) return `${what}: no host.json found; use --site FILE, or a VLAN ID`;
  const bridge = site.bridges.get(bridgeNameOf(nic));
  if (bridge === undefined) {
    const bridges = [...site.bridges.keys()];
    return `${what}: host.json has no bridge ${found(nic["bridge"])}${didYouMean(bridgeNameOf(nic), bridges)} (it has: ${bridges.join(", ")})`;
  }
  const names = [...bridge.vlans.keys()];
  const known = names.length === 0 ? "it has none" : `it has: ${names.join(", ")}`;
  return `${what} for bridge ${bridge.name} in host.json${didYouMean(name, names)} (${known})`;
};

/** Names of VLANs: each must be one of the bridge's in host.json, and one VLAN where only one can be. */
export const checkVlanNames = (
  placed: PlacedNic,
  { issue }: Document,
  site: Site | null,
): readonly Issue[] => {
  const { value: nic, path: nicPath } = placed;
  // A bridge whose name is invalid has no names of VLANs to compare with.
  if (!hasVlans(nic) || (site !== null && typeof nic["bridge"] !== "string")) return [];
  return placedVlans(placed).flatMap(({ value, path }): readonly Issue[] => {
    if (typeof value !== "string" || !isVlanName(value)) return [];
    const range = rangeOf(value, nic, site);
    if (range === null) return [issue("vlan-name", path, whyUnknown(value, nic, site))];
    if (range.first === range.last || path[nicPath.length] === "trunk") return [];
    const message = `must be one VLAN, found ${found(value)} (${renderRange(range)} in host.json): use it in "trunk"`;
    return [issue("vlan-choice", path, message)];
  });
};

/** Each VLAN of a trunk once, and the native one not among the tagged ones. */
export const checkTrunkOverlap = (
  { value: nic, path }: PlacedNic,
  { issue }: Document,
  site: Site | null,
): readonly Issue[] => {
  if (nic["trunk"] === undefined) return [];
  const nativeRange = rangeOf(nic["native"], nic, site);
  const native = nativeRange === null ? null : toVid(nativeRange.first);
  const seen = new Map<number, number>();
  return asList(nic["trunk"]).flatMap((item, index): readonly Issue[] => {
    const range = rangeOf(item, nic, site);
    const vids: readonly number[] = range === null ? [] : expandRange(range);
    const complain = (what: string): Issue =>
      issue("vlan-overlap", [...path, "trunk", index], `${what}, found ${found(item)}`);
    const before = vids.find((vid) => seen.has(vid));
    const first = before === undefined ? "" : `trunk[${seen.get(before) ?? 0}]`;
    for (const vid of vids) if (!seen.has(vid)) seen.set(vid, index);
    return [
      ...(native !== null && vids.includes(native)
        ? [complain(`VLAN ${native} cannot be both native and tagged`)]
        : []),
      ...(before === undefined ? [] : [complain(`VLAN ${before} is already in ${first}`)]),
    ];
  });
};

/** Whether the uplinks carry the VLANs of host.json alone. The hook adds others with "follow-guests". */
const isFixed = ({ uplinks, uplinkVlans }: SiteBridge): boolean =>
  uplinks.length > 0 && uplinkVlans === "static";

/** VLANs that are somewhere in host.json: named, of the host itself, of untagged frames on the uplinks, or with a VNI. */
const vlansIn = ({ vlans, networks, native, vxlan }: SiteBridge): readonly number[] => [
  ...[...vlans.values(), ...(vxlan?.tunnels ?? [])].flatMap(expandRange),
  ...networks.map(({ vid }) => vid),
  ...(native === null ? [] : [native]),
];

/**
 * VLANs, by number, that host.json does not have for the bridge; or for any bridge, when this one is not in it. They work on the host,
 * and are rather a slip. Warnings.
 */
export const checkUnlisted = (
  placed: PlacedNic,
  { warning }: Document,
  site: Site | null,
): readonly Issue[] => {
  const name = bridgeNameOf(placed.value);
  const own = site?.bridges.get(name);
  // Open vSwitch's bridges are never in it.
  const others = placed.value["type"] === "bridge" ? [...(site?.bridges.values() ?? [])] : [];
  const bridges = own === undefined ? others : [own];
  // A bridge without a list takes any number, unless its uplinks carry none.
  const takesAny = bridges.some((bridge) => bridge.vlans.size === 0 && !isFixed(bridge));
  if (!hasVlans(placed.value) || bridges.length === 0 || takesAny) return [];
  const listed = new Set(bridges.flatMap(vlansIn));
  const names = bridges.flatMap(({ vlans }) =>
    [...vlans].map(([vlan, vids]) => `${vlan} ${renderRange(vids)}`),
  );
  return placedVlans(placed).flatMap(({ value, path }) => {
    const range = rangeOf(value, placed.value, site);
    const missing = range === null ? undefined : expandRange(range).find((vid) => !listed.has(vid));
    if (missing === undefined) return [];
    const known = [...(site?.bridges.keys() ?? [])];
    const where =
      own === undefined
        ? `for any bridge, and no bridge ${found(name)}${didYouMean(name, known)}`
        : `for bridge ${name}${isFixed(own) ? ", so its uplinks do not carry it" : ""}`;
    const has = names.length === 0 ? "it has none" : `it has: ${names.join(", ")}`;
    return [
      warning(
        "vlan-unlisted",
        path,
        `host.json has no VLAN ${missing} ${where} (${has}), found ${found(value)}`,
      ),
    ];
  });
};
