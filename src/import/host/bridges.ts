import { type BridgeMap, mapBridge } from "../to-profile/bridge-map.ts";
import { type LiveLink, type LiveNetwork, devicesIn } from "../../live-network/live-network.ts";
import type { HostReport } from "./host-report.ts";

/** A bridge port that leads out of the host. */
export interface Uplink {
  readonly name: string;
  /** The VLAN ID that its frames carry outside; null for untagged frames. */
  readonly vid: number | null;
}

/** A bridge of the running host, with its place in `host.json`. */
export interface OldBridge {
  readonly link: LiveLink;
  readonly uplinks: readonly Uplink[];
  readonly vxlans: readonly LiveLink[];
  /** The bridge in `host.json`. */
  readonly target: string;
  /** The VLAN of a per-VLAN bridge; null for a VLAN-aware bridge, which keeps its VLANs. */
  readonly vid: number | null;
}

/** Devices of guestnet that exist while a guest moves, see values/names.ts. */
const isGuestnets = ({ name }: LiveLink): boolean => /^(an|mk)_[0-9a-f]{12}$/.test(name);

/** Returns whether a port belongs to a guest or container, and is none of the host's own. */
export const isGuests = (link: LiveLink): boolean => link.kind === "tun" || isGuestnets(link);

const uplinkOf = (port: LiveLink): Uplink =>
  port.vlan !== null && port.lower !== null
    ? { name: port.lower, vid: port.vlan.id }
    : { name: port.name, vid: null };

/** Returns a rule for each bridge that has none: those of one uplink become one bridge. */
const suggest = (unmapped: readonly (readonly [LiveLink, readonly Uplink[]])[]): readonly string[] => {
  const trunks = [...new Set(unmapped.map(([, [first]]) => first?.name ?? ""))];
  return unmapped.map(([{ name }, uplinks]) => {
    const vid = uplinks.find((uplink) => uplink.vid !== null)?.vid ?? "VID";
    return `${name}=br${String(trunks.indexOf(uplinks[0]?.name ?? ""))}:${String(vid)}`;
  });
};

const moved = (
  link: LiveLink,
  uplinks: readonly Uplink[],
  map: BridgeMap,
  report: HostReport,
): Pick<OldBridge, "target" | "vid"> | null => {
  const rule = mapBridge(map, link.name);
  const filtering = link.bridge?.filtering === true;
  if (filtering) {
    if (rule !== null && rule.vlan !== null) {
      const text = `it is VLAN-aware and keeps its VLANs: use ${link.name}=${rule.bridge} without a VLAN ID`;
      report.dropped(link.name, text, true);
      return null;
    }
    return { target: rule?.bridge ?? link.name, vid: null };
  }
  const outside = uplinks.find(({ vid }) => vid !== null)?.vid ?? null;
  if (rule === null) {
    report.dropped(
      link.name,
      "it does not filter VLANs, and host.json describes VLAN-aware bridges only: add --bridge-map",
      true,
    );
    return null;
  }
  const vid = rule.vlan ?? outside;
  if (vid === null) {
    report.dropped(
      link.name,
      `its uplink has no VLAN ID to take: add one to --bridge-map ${link.name}=${rule.bridge}:VID`,
      true,
    );
    return null;
  }
  if (outside !== null && outside !== vid) {
    const text = `VLAN ${String(outside)} of its uplink becomes VLAN ${String(vid)} by --bridge-map: the switch has to change, too`;
    report.changed(link.name, text, true);
  }
  return { target: rule.bridge, vid };
};

/** Returns the bridges that `host.json` describes, those that become one included. */
export const bridgesOf = (network: LiveNetwork, map: BridgeMap, report: HostReport): readonly OldBridge[] => {
  const bridges = network.links.filter(({ bridge }) => bridge !== null);
  const unmapped: (readonly [LiveLink, readonly Uplink[]])[] = [];
  const found = bridges.flatMap((link) => {
    const ports = devicesIn(network, link.name);
    const guests = ports.filter(isGuests);
    if (guests.length > 0) {
      const names = guests.map(({ name }) => name).join(", ");
      report.dropped(names, `${guests.length === 1 ? "a guest's port" : "guests' ports"} of ${link.name}`);
    }
    const vxlans = ports.filter(({ vxlan }) => vxlan !== null);
    const others = ports.filter((port) => !isGuests(port) && port.vxlan === null);
    const uplinks = others.map(uplinkOf);
    if (
      others.length === 0 &&
      vxlans.length === 0 &&
      link.bridge?.filtering !== true &&
      mapBridge(map, link.name) === null
    ) {
      report.dropped(link.name, "it has no uplink: what made it, such as libvirt, makes it again");
      return [];
    }
    for (const { name } of others.filter(({ kind }) => kind === "veth"))
      report.changed(name, `taken as an uplink of ${link.name}: remove it if it leads to a container`);
    const place = moved(link, uplinks, map, report);
    if (place === null && mapBridge(map, link.name) === null) unmapped.push([link, uplinks]);
    return place === null ? [] : [{ link, uplinks, vxlans, ...place }];
  });
  report.rules.push(...suggest(unmapped));
  return found;
};
