import { isVlanName, rangeOnCard, type Site } from "../../guest/site.ts";
import type { Document } from "../../text/document.ts";
import { found } from "../../text/schema.ts";
import { asObject, type JsonObject } from "../../values/json.ts";
import { type Placed } from "../../text/unchecked.ts";
import { didYouMean } from "../../text/unknown-keys.ts";
import type { Issue } from "../../values/issue.ts";
import { renderRange } from "../../values/vid.ts";

/** Why a name stands for no VLAN on a network card, which is in no bridge of host.json. */
const whyUnknown = (name: string, site: Site | null): string => {
  const what = `unknown VLAN name ${found(name)}`;
  if (site === null) return `${what}: no host.json found; use --site FILE, or a VLAN ID`;
  const bridges = [...site.bridges.values()];
  const having = bridges.flatMap((bridge) => {
    const range = bridge.vlans.get(name);
    return range === undefined ? [] : [`${renderRange(range)} on ${bridge.name}`];
  });
  if (having.length > 1)
    return `VLAN name ${found(name)} is ambiguous on a network card (${having.join(", ")}): use a VLAN ID`;
  const names = [...new Set(bridges.flatMap(({ vlans }) => [...vlans.keys()]))];
  const known = names.length === 0 ? "it has none" : `it has: ${names.join(", ")}`;
  return `${what} in host.json${didYouMean(name, names)} (${known})`;
};

const checkVlan = (
  value: unknown,
  path: Issue["path"],
  { issue }: Document,
  site: Site | null,
): readonly Issue[] => {
  if (typeof value !== "string" || !isVlanName(value)) return [];
  const range = site === null ? null : rangeOnCard(site, value);
  if (range === null) return [issue("vlan-name", path, whyUnknown(value, site))];
  if (range.first === range.last) return [];
  const message = `must be one VLAN, found ${found(value)} (${renderRange(range)} in host.json)`;
  return [issue("vlan-choice", path, message)];
};

/** VLANs that a network card sets, and pairs of a NIC with a function of a card. */
export const checkCard = (
  { value: nic, path }: Placed<JsonObject>,
  document: Document,
  site: Site | null,
): readonly Issue[] => {
  const { type, vlan, mode, model } = nic;
  const failover = asObject(nic["failover"]);
  const isCard = type === "macvtap" || type === "hostdev";
  return [
    ...(isCard ? checkVlan(vlan, [...path, "vlan"], document, site) : []),
    // Only a macvtap that has a function to itself lets the card set its VLAN (libvirt: formatdomain, "Setting VLAN tag").
    ...(type === "macvtap" && vlan !== undefined && mode !== "passthrough"
      ? [
          document.issue(
            "vlan-choice",
            [...path, "vlan"],
            `requires "mode": "passthrough", found ${found(vlan)}`,
          ),
        ]
      : []),
    ...(failover === null ? [] : checkVlan(failover["vlan"], [...path, "failover", "vlan"], document, site)),
    // The guest's driver joins the two halves, and only virtio's does (formatdomain, "Teaming a virtio/hostdev NIC pair").
    ...(failover !== null && model !== undefined && model !== "virtio"
      ? [
          document.issue(
            "wrong-choice",
            [...path, "failover"],
            `requires "model": "virtio", found ${found(model)}`,
          ),
        ]
      : []),
  ];
};
