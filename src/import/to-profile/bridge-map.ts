import { parseDevice } from "../../values/names.ts";
import { nearest } from "../../values/nearest.ts";
import { toVid } from "../../values/vid.ts";

/**
 * One `--bridge-map OLD=NEW[:VID]`: `*` in OLD stands for any text, and in NEW and VID for that text. OLD is a bridge, a
 * libvirt network, or a portgroup of one: `NETWORK/PORTGROUP`.
 */
export interface BridgeRule {
  readonly from: string;
  readonly bridge: string;
  /** Null if the new bridge is a per-VLAN bridge. */
  readonly vid: string | null;
}

export type BridgeMap = readonly BridgeRule[];

/** The new network of a NIC. */
export interface MappedBridge {
  readonly bridge: string;
  readonly vlan: number | null;
}

/** @returns the rule, or its error in words */
export const parseBridgeRule = (text: string): BridgeRule | string => {
  const form = "must be OLD=NEW or OLD=NEW:VID, such as xenbr40=br0:40 or xenbr*=br0:*";
  const [, from = "", bridge = "", vid = null] = /^([^=]+)=([^=:]+)(?::([^=:]+))?$/.exec(text) ?? [];
  if (from === "") return `${form}, found ${text}`;
  const stars = (part: string | null): number => (part ?? "").split("*").length - 1;
  if (stars(from) > 1 || stars(bridge) > 1 || stars(vid) > 1)
    return `${form} with at most one * in each part, found ${text}`;
  if (stars(from) === 0 && stars(bridge) + stars(vid) > 0)
    return `${form}; * in the new name requires one in the old name, found ${text}`;
  if (parseDevice(bridge.replace("*", "0")) === null)
    return `${form} with a valid bridge name instead of ${bridge}, found ${text}`;
  if (vid !== null && vid !== "*" && !(/^\d{1,4}$/.test(vid) && toVid(Number(vid)) !== null))
    return `${form} with a VLAN ID from 1 to 4094, found ${text}`;
  return { from, bridge, vid };
};

const matched = (pattern: string, name: string): string | null => {
  const [head = "", tail] = pattern.split("*");
  if (tail === undefined) return pattern === name ? "" : null;
  return name.length >= head.length + tail.length && name.startsWith(head) && name.endsWith(tail)
    ? name.slice(head.length, name.length - tail.length)
    : null;
};

/** Returns the new network of a bridge's NICs: by the rule with its whole name, or else by the first pattern with a VLAN ID. */
export const mapBridge = (map: BridgeMap, name: string): MappedBridge | null => {
  const inOrder = [
    ...map.filter(({ from }) => !from.includes("*")),
    ...map.filter(({ from }) => from.includes("*")),
  ];
  for (const { from, bridge, vid } of inOrder) {
    const star = matched(from, name);
    if (star === null) continue;
    const target = parseDevice(bridge.replace("*", star));
    const digits = vid?.replace("*", star) ?? "";
    const vlan = /^\d{1,4}$/.test(digits) ? toVid(Number(digits)) : null;
    if (target !== null && (vid === null || vlan !== null)) return { bridge: target, vlan };
  }
  return null;
};

/** Returns the rules that are for none of these networks, each as it was written, with the network that is nearest. */
export const unusedRules = (
  map: BridgeMap,
  networks: readonly string[],
): readonly { readonly rule: string; readonly near: string | null }[] =>
  map
    .filter(({ from }) => !networks.some((name) => matched(from, name) !== null))
    .map(({ from, bridge, vid }) => ({
      rule: `${from}=${bridge}${vid === null ? "" : `:${vid}`}`,
      near: nearest(from, networks),
    }));

/**
 * The VLAN ID that a bridge's name suggests: `br40`, `xenbr0.155`, `vlan7`. A hint only; a small number behind
 * another word, as in `xenbr1`, counts bridges.
 */
const hintOf = (name: string): string => {
  const [, digits = ""] = /(?:\.|vlan[-_.]?|v)(\d{1,4})$/i.exec(name) ?? /(\d{2,4})$/.exec(name) ?? [];
  return toVid(Number(digits)) === null ? "VID" : String(Number(digits));
};

/** Returns options to copy to the command line for bridges without a rule. VID is for a person to replace. */
export const suggestRules = (names: readonly string[]): string =>
  [...new Set(names)]
    .sort()
    .map((name) => `--bridge-map ${/^[\w.-]+$/.test(name) ? name : JSON.stringify(name)}=br0:${hintOf(name)}`)
    .join(" ");
