import { createHash } from "node:crypto";
import type { Site, SiteBridge } from "../guest/site.ts";
import type { Mac } from "../values/mac.ts";

/**
 * Returns what tells this host from others: its name, or else its own addresses. Null where the file has neither, as two hosts with
 * DHCP may have the same file.
 */
export const identityOf = ({ name, bridges, interfaces }: Site): string | null => {
  if (name !== null) return name;
  const all = [...bridges.values()].flatMap(({ networks, vxlan }) => [
    ...networks.flatMap(({ addresses }) => addresses.map(({ address }) => address)),
    ...(vxlan === null ? [] : [vxlan.local]),
  ]);
  const own = interfaces.flatMap(({ addresses }) => addresses.map(({ address }) => address));
  const sorted = [...new Set([...all, ...own])].sort();
  return sorted.length === 0 ? null : sorted.join(" ");
};

/** Returns the MAC address of a bridge that is given none: locally administered (IEEE 802), and the same for the same file. */
export const bridgeMac = (site: Site, { name, mac }: SiteBridge): Mac => {
  if (mac !== null) return mac;
  const hash = createHash("sha256")
    .update(`${identityOf(site) ?? ""}/${name}`)
    .digest("hex");
  return `02:${(hash.slice(0, 10).match(/../g) ?? []).join(":")}` as Mac;
};
