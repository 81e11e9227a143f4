import type { Document } from "../../text/document.ts";
import { found } from "../../text/schema.ts";
import { asObject, type JsonObject } from "../../values/json.ts";
import { type Placed, placedTexts } from "../../text/unchecked.ts";
import { familyOf, parseAddress } from "../../values/address.ts";
import type { Issue } from "../../values/issue.ts";
import { renderRange } from "../../values/vid.ts";
import { siteBridges, type NamedObject, type SiteRule, vlansOf, bridgeVxlan } from "./unchecked-site.ts";

interface BridgeVxlan extends Placed<JsonObject> {
  readonly bridge: NamedObject;
}

const vxlansOf = (document: Document): readonly BridgeVxlan[] =>
  siteBridges(document).flatMap((bridge) => {
    const vxlan = bridgeVxlan(bridge);
    return vxlan === null ? [] : [{ ...vxlan, bridge }];
  });

/** The other hosts are listed, or found by BGP. */
const checkRemote: SiteRule = (document) =>
  vxlansOf(document).flatMap(({ value, path }) => {
    if (value["evpn"] === true) {
      return value["peers"] === undefined
        ? []
        : [
            document.issue(
              "vxlan",
              [...path, "peers"],
              `cannot be combined with "evpn": true, which finds the other hosts, found ${found(value["peers"])}`,
            ),
          ];
    }
    return value["peers"] === undefined
      ? [
          document.issue(
            "vxlan",
            path,
            'has neither "peers" nor "evpn": true: list the other hosts in "peers"',
          ),
        ]
      : [];
  });

/** Peers are other hosts in the same underlay. */
const checkPeers: SiteRule = (document) =>
  vxlansOf(document).flatMap(({ value, path }) => {
    const [own] = placedTexts(value, "local", path);
    const local = own === undefined ? null : parseAddress(own.value);
    const seen = new Set<string>();
    return placedTexts(value, "peers", path).flatMap((peer): readonly Issue[] => {
      const address = parseAddress(peer.value);
      if (address === null) return [];
      const complain = (what: string): readonly Issue[] => [
        document.issue("vxlan", peer.path, `${what}, found ${found(peer.value)}`),
      ];
      if (address === local) return complain('must be another host, and not "local"');
      if (local !== null && familyOf(address) !== familyOf(local))
        return complain(`must be of the same family as "local" (${local})`);
      if (seen.has(address)) return complain("must be listed once");
      seen.add(address);
      return [];
    });
  });

interface Vnis {
  readonly first: number;
  readonly last: number;
}

const readVnis = (written: unknown): Vnis | null => {
  const [, from = "", to = from] = /^(\d{1,8})(?:-(\d{1,8}))?$/.exec(String(written)) ?? [];
  return from === "" ? null : { first: Number(from), last: Number(to) };
};
const renderVnis = ({ first, last }: Vnis): string => (first === last ? `${first}` : `${first}-${last}`);

/** A VNI is one VLAN's, and a range of VLANs has as many. */
const checkVnis: SiteRule = (document) => {
  const seen: { readonly vnis: Vnis; readonly bridge: string; readonly key: string }[] = [];
  return vxlansOf(document).flatMap(({ bridge, value, path }) =>
    Object.entries(asObject(value["vnis"]) ?? {}).flatMap(([key, written]): readonly Issue[] => {
      const [vlans, vnis] = [vlansOf(key, bridge), readVnis(written)];
      if (vlans === null || vnis === null) return [];
      const complain = (what: string): readonly Issue[] => [
        document.issue("vxlan", [...path, "vnis", key], `${what}, found ${found(written)}`),
      ];
      const [has, needs] = [vnis.last - vnis.first, vlans.last - vlans.first];
      if (has !== needs)
        return complain(
          `must be ${needs === 0 ? "one VNI" : `a range of ${needs + 1} VNIs`} for VLAN ${renderRange(vlans)}`,
        );
      const before = seen.find(({ vnis: { first, last } }) => vnis.first <= last && first <= vnis.last);
      seen.push({ vnis, bridge: bridge.name, key });
      return before === undefined
        ? []
        : complain(
            `VNI ${renderVnis(vnis)} is already that of ${found(before.key)} of bridge ${before.bridge}`,
          );
    }),
  );
};

/** Returns what is wrong with two keys of "vnis" for one VLAN. */
const checkVlans: SiteRule = (document) =>
  vxlansOf(document).flatMap(({ bridge, value, path }) => {
    const seen: { readonly first: number; readonly last: number; readonly key: string }[] = [];
    return Object.keys(asObject(value["vnis"]) ?? {}).flatMap((key): readonly Issue[] => {
      const vlans = vlansOf(key, bridge);
      if (vlans === null) return [];
      const before = seen.find(({ first, last }) => vlans.first <= last && first <= vlans.last);
      seen.push({ ...vlans, key });
      const message = `VLAN ${renderRange(vlans)} is already used at ${found(before?.key)}`;
      return before === undefined ? [] : [document.issue("duplicate", [...path, "vnis", key], message)];
    });
  });

export const vxlanRules: readonly SiteRule[] = [checkRemote, checkPeers, checkVnis, checkVlans];
