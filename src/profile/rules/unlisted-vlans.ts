import type { Issue } from "../../values/issue.ts";
import type { Site } from "../../guest/site.ts";
import { expandRange, renderRange } from "../../values/vid.ts";
import type { Document } from "../../text/document.ts";
import { didYouMean } from "../../text/keys.ts";
import { found } from "../../text/say.ts";
import { bridgeNameOf, hasVlans, type Nic, placedVlans, rangeOf } from "./vlan-rules.ts";

/**
 * VLANs, by number, that host.json does not have for the bridge; or for any bridge, when this one is not in it. They work,
 * and are rather a slip. Warnings.
 */
export const checkUnlisted = (placed: Nic, { warning }: Document, site: Site | null): readonly Issue[] => {
  const name = bridgeNameOf(placed.value);
  const own = site?.bridges.get(name);
  // Open vSwitch's bridges are never in it.
  const others = placed.value["type"] === "bridge" ? [...(site?.bridges.values() ?? [])] : [];
  const bridges = own === undefined ? others : [own];
  // A bridge without a list takes any number.
  if (!hasVlans(placed.value) || bridges.length === 0 || bridges.some(({ vlans }) => vlans.size === 0))
    return [];
  const listed = new Set(bridges.flatMap(({ vlans }) => [...vlans.values()].flatMap(expandRange)));
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
        : `for bridge ${name}`;
    const message = `host.json has no VLAN ${missing} ${where} (it has: ${names.join(", ")}), found ${found(value)}`;
    return [warning("vlan-unlisted", path, message)];
  });
};
