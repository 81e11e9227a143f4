import { type Issue, renderPath } from "../../values/issue.ts";
import { parseIfName } from "../../values/names.ts";
import type { Document } from "../../text/document.ts";
import { found } from "../../text/schema.ts";
import { asObject } from "../../values/json.ts";
import { type Placed, placedTexts } from "../../text/unchecked.ts";
import { vlanDeviceName, VXLAN_DEVICE } from "../normalize.ts";
import {
  siteBonds,
  siteBridges,
  siteInterfaces,
  networksOf,
  siteRouted,
  type SiteRule,
  vlansOf,
  bridgeVxlan,
} from "./unchecked-site.ts";

/** A device that the file has made. */
interface Made extends Placed<string> {
  readonly kind: "bond" | "bridge" | "VLAN device" | "VXLAN device" | "VRF";
}

const madeBy = (document: Document): readonly Made[] => {
  const bridges = siteBridges(document);
  return [
    ...siteBonds(document).map(({ name, path }): Made => ({ kind: "bond", value: name, path })),
    ...bridges.map(({ name, path }): Made => ({ kind: "bridge", value: name, path })),
    ...bridges.flatMap((bridge) =>
      networksOf(bridge).flatMap(({ name, path }): readonly Made[] => {
        const range = vlansOf(name, bridge);
        return range === null
          ? []
          : [{ kind: "VLAN device", value: vlanDeviceName(bridge.name, range.first), path }];
      }),
    ),
    ...bridges.flatMap((bridge): readonly Made[] => {
      const vxlan = bridgeVxlan(bridge);
      if (vxlan === null) return [];
      const { device = VXLAN_DEVICE } = vxlan.value;
      const path = vxlan.value["device"] === undefined ? vxlan.path : [...vxlan.path, "device"];
      return typeof device === "string" ? [{ kind: "VXLAN device", value: device, path }] : [];
    }),
    ...Object.keys(asObject(siteRouted(document)["vrfs"]) ?? {}).map((vrf): Made => ({
      kind: "VRF",
      value: vrf,
      path: ["routed", "vrfs", vrf],
    })),
  ];
};

/** Each device is made once, and its name is one that the kernel takes. */
const checkNames: SiteRule = (document) => {
  const first = new Map<string, Made>();
  return madeBy(document).flatMap((made): readonly Issue[] => {
    if (made.kind === "VLAN device" && parseIfName(made.value) === null) {
      const message = `requires the VLAN device ${found(made.value)}, longer than 15 characters: shorten the bridge's name`;
      return [document.issue("interface-name", made.path, message)];
    }
    const before = first.get(made.value);
    if (before === undefined) {
      first.set(made.value, made);
      return [];
    }
    // Two names of one VLAN are reported where the VLANs are.
    if (made.kind === "VLAN device" && before.kind === "VLAN device") return [];
    const remedy = made.kind === "VXLAN device" ? 'name another in "device"' : "use another name";
    const message = `device ${made.value} is already the ${before.kind} at ${renderPath(before.path)}: ${remedy}`;
    return [document.issue("duplicate", made.path, message)];
  });
};

/** A device is a port of one bridge or bond, and as such carries no addresses: it cannot route as well. */
const checkPorts: SiteRule = (document) => {
  const ports = siteBonds(document).flatMap(({ value, path }) => placedTexts(value, "ports", path));
  const uplinks = [
    ...siteBridges(document).flatMap(({ value, path }) => placedTexts(value, "uplinks", path)),
    ...placedTexts(siteRouted(document), "uplinks", ["routed"]),
  ];
  const first = new Map<string, readonly [what: string, path: Issue["path"]]>();
  const once = (what: string, all: readonly Placed<string>[]): readonly Issue[] =>
    all.flatMap(({ value, path }) => {
      const before = first.get(value);
      if (before === undefined) {
        first.set(value, [what, path]);
        return [];
      }
      const message = `device ${value} is already ${before[0]} at ${renderPath(before[1])}: remove one`;
      return [document.issue("duplicate", path, message)];
    });
  const own = siteInterfaces(document).map(({ name, path }) => ({ value: name, path }));
  const routed = new Set(placedTexts(siteRouted(document), "uplinks", []).map(({ value }) => value));
  return [
    ...once("a port of a bond", ports),
    ...once("an uplink", uplinks),
    // Addresses are what an uplink of routed NICs has.
    ...once(
      "a port",
      own.filter(({ value }) => !routed.has(value)),
    ),
  ];
};

/** What is made here can be a port of another only where the kernel and a switch make sense of it. */
const checkKinds: SiteRule = (document) => {
  const made = new Map(madeBy(document).map((one) => [one.value, one]));
  const not = (
    all: readonly Placed<string>[],
    allowed: readonly Made["kind"][],
    rule: string,
  ): readonly Issue[] =>
    all.flatMap(({ value, path }) => {
      const device = made.get(value);
      if (device === undefined || allowed.includes(device.kind)) return [];
      const message = `${rule}, found ${found(value)} (already the ${device.kind} at ${renderPath(device.path)})`;
      return [document.issue("duplicate", path, message)];
    });
  return [
    ...not(
      siteBonds(document).flatMap(({ value, path }) => placedTexts(value, "ports", path)),
      [],
      "must be a physical interface",
    ),
    ...not(
      siteBridges(document).flatMap(({ value, path }) => placedTexts(value, "uplinks", path)),
      ["bond"],
      "must be a physical interface or a bond",
    ),
    ...not(
      siteInterfaces(document).map(({ name, path }) => ({ value: name, path })),
      ["bond"],
      'must be a physical interface or a bond; a bridge has "addresses"',
    ),
  ];
};

export const deviceRules: readonly SiteRule[] = [checkNames, checkPorts, checkKinds];
