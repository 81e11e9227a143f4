import { isVlanName } from "../../guest/site.ts";
import type { Document } from "../../text/document.ts";
import { found } from "../../text/schema.ts";
import { didYouMean } from "../../text/unknown-keys.ts";
import { asList, asObject } from "../../values/json.ts";
import type { Issue } from "../../values/issue.ts";
import { renderRange, type VidRange } from "../../values/vid.ts";
import {
  siteBridges,
  namedIn,
  type NamedObject,
  networksOf,
  type SiteRule,
  vlansOf,
  bridgeVxlan,
} from "./unchecked-site.ts";

/** A VLAN somewhere in a bridge, by number or name. */
interface Use {
  readonly written: unknown;
  readonly path: Issue["path"];
  /** Whether a range is meant there as well. */
  readonly range: boolean;
}

const usesIn = (bridge: NamedObject): readonly Use[] => {
  const vxlan = bridgeVxlan(bridge);
  const vnis = Object.keys(asObject(vxlan?.value["vnis"]) ?? {});
  return [
    ...(bridge.value["native"] === undefined
      ? []
      : [{ written: bridge.value["native"], path: [...bridge.path, "native"], range: false }]),
    ...Object.keys(asObject(bridge.value["addresses"]) ?? {}).map((key) => ({
      ...{ written: key, path: [...bridge.path, "addresses", key], range: false },
    })),
    ...vnis.map((key) => ({ written: key, path: [...bridge.path, "vxlan", "vnis", key], range: true })),
  ];
};

/** Names of VLANs are those of the bridge, and one VLAN where only one can be. */
const checkNames = (bridge: NamedObject, { issue }: Document): readonly Issue[] =>
  usesIn(bridge).flatMap(({ written, path, range }): readonly Issue[] => {
    if (typeof written !== "string" || !isVlanName(written)) return [];
    const names = Object.keys(asObject(bridge.value["vlans"]) ?? {});
    if (!names.includes(written)) {
      const known = names.length === 0 ? "it has none" : `it has: ${names.join(", ")}`;
      const near = didYouMean(written, names);
      const message = `unknown VLAN name ${found(written)} for bridge ${bridge.name}${near} (${known})`;
      return [issue("vlan-name", path, message)];
    }
    const vlans = vlansOf(written, bridge);
    if (range || vlans === null || vlans.first === vlans.last) return [];
    return [issue("vlan-choice", path, `must be one VLAN, found ${found(written)} (${renderRange(vlans)})`)];
  });

const overlap = (one: VidRange, other: VidRange): boolean =>
  one.first <= other.last && other.first <= one.last;

/** Returns what is wrong with two keys for one VLAN. */
const checkTwice = (
  keys: readonly NamedObject[],
  bridge: NamedObject,
  { issue }: Document,
): readonly Issue[] => {
  const seen: (readonly [string, VidRange])[] = [];
  return keys.flatMap(({ name, path }): readonly Issue[] => {
    const range = vlansOf(name, bridge);
    if (range === null) return [];
    const before = seen.find(([, other]) => overlap(range, other));
    seen.push([name, range]);
    return before === undefined
      ? []
      : [issue("duplicate", path, `VLAN ${renderRange(range)} is already used at ${found(before[0])}`)];
  });
};

/** A range of VLANs has no network of its own. */
const checkRanges = (bridge: NamedObject, { issue }: Document): readonly Issue[] =>
  namedIn(bridge.value, "vlans", bridge.path).flatMap(({ name, value, path }) => {
    const range = vlansOf(name, bridge);
    if (range === null || range.first === range.last || asList(value["prefixes"]).length === 0) return [];
    const message = `requires one VLAN in "id" (${renderRange(range)} is a range), found ${found(value["prefixes"])}`;
    return [issue("vlan-choice", [...path, "prefixes"], message)];
  });

export const vlanRules: readonly SiteRule[] = [
  (document) => siteBridges(document).flatMap((bridge) => checkNames(bridge, document)),
  (document) => siteBridges(document).flatMap((bridge) => checkTwice(networksOf(bridge), bridge, document)),
  (document) => siteBridges(document).flatMap((bridge) => checkRanges(bridge, document)),
];
