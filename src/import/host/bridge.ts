import type { LiveLink, LiveNetwork } from "../../live-network/live-network.ts";
import { addressingOf, defaultRoutesOf } from "./addressing.ts";
import type { OldBridge, Uplink } from "./bridges.ts";
import type { HostReport } from "./host-report.ts";
import { nameOf, nameVlans } from "./vlan-names.ts";
import { vxlanOf } from "./vxlan.ts";
import type { WrittenAddressing, WrittenBridge } from "./written-host.ts";

/** Ethernet's MTU, which needs no key. */
export const ETHERNET_MTU = 1500;

const vidsOf = (port: string, { vlans }: LiveNetwork): readonly number[] =>
  vlans.filter((vlan) => vlan.port === port).map(({ vid }) => vid);

const pvidOf = (port: string, { vlans }: LiveNetwork): number | null =>
  vlans.find((vlan) => vlan.port === port && vlan.pvid)?.vid ?? null;

/** The VLAN of untagged frames on the uplinks: by their PVID, or by the per-VLAN bridge of an uplink without a VLAN ID. */
const nativeOf = (olds: readonly OldBridge[], network: LiveNetwork, report: HostReport): number | null => {
  const found = olds.flatMap(({ uplinks, vid }) =>
    uplinks.flatMap(
      (uplink) => (vid === null ? pvidOf(uplink.name, network) : uplink.vid === null ? vid : null) ?? [],
    ),
  );
  const [first = null, ...more] = [...new Set(found)];
  if (more.length > 0)
    report.changed(
      olds[0]?.target ?? "",
      `untagged frames of its uplinks are of VLANs ${[first, ...more].join(", ")}: host.json has VLAN ${String(first)} for all`,
      true,
    );
  return first;
};

/** VLAN devices below which the host has addresses: on the bridge, or on an uplink, where they take the bridge's frames. */
const vlanDevicesOf = (
  bridge: string,
  uplinks: readonly string[],
  { links }: LiveNetwork,
): readonly LiveLink[] =>
  links.filter(
    ({ vlan, lower, master }) =>
      vlan !== null &&
      lower !== null &&
      (lower === bridge || uplinks.includes(lower)) &&
      !isBridge(master, links),
  );

const isBridge = (name: string | null, links: readonly LiveLink[]): boolean =>
  links.some((link) => link.name === name && link.bridge !== null);

interface Place {
  readonly device: LiveLink;
  readonly vid: number;
}

/** The devices on which the host may have addresses, each with its VLAN. */
const placesOf = (
  target: string,
  olds: readonly OldBridge[],
  uplinks: readonly string[],
  network: LiveNetwork,
): readonly Place[] => [
  ...olds.flatMap(({ link, vid }) => {
    const own = vid ?? pvidOf(link.name, network);
    return own === null ? [] : [{ device: link, vid: own }];
  }),
  ...[...new Set([target, ...olds.filter(({ vid }) => vid === null).map(({ link }) => link.name)])]
    .flatMap((bridge) => vlanDevicesOf(bridge, bridge === target ? uplinks : [], network))
    .map((device) => ({ device, vid: device.vlan?.id ?? 0 })),
];

/** One network of the host from several devices in the same VLAN. */
const joined = (a: WrittenAddressing | undefined, b: WrittenAddressing): WrittenAddressing => ({
  ...a,
  ...b,
  addresses: [...new Set([...(a?.addresses ?? []), ...b.addresses])],
  ...(a?.gateway === undefined ? {} : { gateway: [...new Set([...a.gateway, ...(b.gateway ?? [])])] }),
});

/** The MAC address that the host is known by: that of its bridge, or of the old bridge with its default route. */
const macOf = (target: string, olds: readonly OldBridge[], network: LiveNetwork): string | null => {
  const links = olds.map(({ link }) => link);
  const known =
    links.find(({ name }) => name === target) ??
    links.find(({ name }) => defaultRoutesOf(name, "main", network).length > 0) ??
    (links.length === 1 ? links[0] : undefined);
  return known?.mac ?? null;
};

/** A bridge of `host.json`, and what its devices become in it. */
export interface NewBridge {
  readonly name: string;
  readonly written: WrittenBridge;
  /** Old devices with the host's addresses, and the new one of each. */
  readonly renamed: ReadonlyMap<string, string>;
}

/** Returns the bridges whose uplinks are the same: two uplinks of one bridge connect two networks. */
const withSameUplinks = (
  target: string,
  olds: readonly OldBridge[],
  report: HostReport,
): readonly OldBridge[] => {
  const aware = olds.find(({ vid }) => vid === null);
  const names = (uplinks: readonly Uplink[]): readonly string[] => uplinks.map(({ name }) => name);
  const first = aware ?? olds.find(({ uplinks }) => uplinks.length > 0);
  const allowed = new Set(names(first?.uplinks ?? []));
  return olds.filter(({ link, uplinks }) => {
    const other = names(uplinks).find((name) => !allowed.has(name));
    if (other === undefined) return true;
    report.dropped(
      link.name,
      `its uplink ${other} is none of ${target}'s (${[...allowed].join(", ")}), and as another one would connect two networks: map it to a bridge of its own`,
      true,
    );
    return false;
  });
};

/** Makes one bridge of `host.json`. @param all the old bridges that become it */
export const bridgeOf = (
  target: string,
  all: readonly OldBridge[],
  network: LiveNetwork,
  report: HostReport,
): NewBridge => {
  const olds = withSameUplinks(target, all, report);
  const uplinks = [...new Set(olds.flatMap((old) => old.uplinks.map(({ name }) => name)))];
  const addresses = new Map<number, WrittenAddressing>();
  const renamed = new Map<string, string>();
  for (const { device, vid } of placesOf(target, olds, uplinks, network)) {
    const own = addressingOf(device.name, device.master, network, report);
    if (own === null) continue;
    addresses.set(vid, joined(addresses.get(vid), own));
    const name = `${target}.${String(vid)}`;
    renamed.set(device.name, name);
    const where = `its addresses in VLAN ${String(vid)} of ${target}`;
    if (device.name === name) report.taken(device.name, where);
    else
      report.changed(
        device.name,
        `${where}, on device ${name}: adapt firewall rules and daemons that name ${device.name}`,
      );
  }
  const vxlan = vxlanOf(olds, network, report);
  const own = new Set([...addresses.keys(), ...(vxlan?.vids ?? []), ...olds.flatMap(({ vid }) => vid ?? [])]);
  const native = nativeOf(olds, network, report);
  const carried = olds.flatMap(({ vid, uplinks: ports }) =>
    vid === null ? ports.flatMap(({ name }) => vidsOf(name, network)) : [],
  );
  const mtu = Math.max(ETHERNET_MTU, ...olds.map(({ link }) => link.mtu));
  const mac = macOf(target, olds, network);
  for (const { link, vid } of olds)
    if (vid === null && link.name === target) report.taken(link.name, "a VLAN-aware bridge");
    else
      report.changed(link.name, vid === null ? `renamed to ${target}` : `VLAN ${String(vid)} of ${target}`);
  for (const name of uplinks) report.taken(name, `an uplink of ${target}`);
  const written: WrittenBridge = {
    uplinks,
    vlans: nameVlans([...carried, ...own, ...(native === null ? [] : [native])], own),
    ...(native === null ? {} : { native }),
    ...(mac === null ? {} : { mac }),
    ...(mtu === ETHERNET_MTU ? {} : { mtu }),
    ...(addresses.size === 0
      ? {}
      : {
          addresses: Object.fromEntries(
            [...addresses].sort(([a], [b]) => a - b).map(([vid, one]) => [nameOf(vid), one]),
          ),
        }),
    ...(vxlan === null ? {} : { vxlan: vxlan.written }),
  };
  return { name: target, written, renamed };
};
