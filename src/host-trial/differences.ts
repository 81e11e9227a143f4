import {
  type HostAddressing,
  type BridgeLink,
  type HostLink,
  type HostNetwork,
  type Master,
  type VxlanLink,
} from "../host-network/host-network.ts";
import { type LiveLink, type LiveNetwork, linkOf } from "../live-network/live-network.ts";
import { expandRange, renderVidSet, type Vid, vidSet } from "../values/vid.ts";

/** What differs between a running host and its host.json. */
export interface Difference {
  /** The device, or `host` for a setting of the whole kernel. */
  readonly device: string;
  /** `MTU`, `VLANs`, `address` … */
  readonly what: string;
  /** Null for what is missing. */
  readonly found: string | null;
  readonly wanted: string;
}

const NONE = "none";

/** The rows whose values differ. */
const differing = (
  device: string,
  rows: readonly (readonly [what: string, found: string | number, wanted: string | number])[],
): readonly Difference[] =>
  rows.flatMap(([what, found, wanted]) =>
    String(found) === String(wanted) ? [] : [{ device, what, found: String(found), wanted: String(wanted) }],
  );

const onOff = (on: boolean): string => (on ? "on" : "off");

/** VLANs beyond the wanted ones are no difference: with `follow-guests` the hook adds those of guests. */
const ofVlans = (
  device: string,
  wanted: readonly Vid[],
  native: Vid | null,
  live: LiveNetwork,
): readonly Difference[] => {
  const found = live.vlans.filter(({ port }) => port === device);
  const missing = wanted.filter((vid) => !found.some((one) => one.vid === vid));
  const untagged = found.find(({ pvid }) => pvid)?.vid ?? NONE;
  return [
    ...(missing.length === 0
      ? []
      : [{ device, what: "VLANs", found: null, wanted: renderVidSet(vidSet(missing)) }]),
    ...differing(device, [["untagged VLAN", untagged, native ?? NONE]]),
  ];
};

const ofBridge = ({ name, vlans }: BridgeLink, found: LiveLink, live: LiveNetwork): readonly Difference[] => [
  ...differing(name, [
    ["VLAN filtering", onOff(found.bridge?.filtering ?? false), "on"],
    ["default PVID", found.bridge?.defaultPvid ?? 0, 0],
    ["STP", onOff(found.bridge?.stp ?? false), "off"],
  ]),
  ...ofVlans(name, vlans, null, live),
];

const ofVxlan = (
  { name, local, port, tunnels, peers }: VxlanLink,
  found: LiveLink,
  live: LiveNetwork,
): readonly Difference[] => [
  ...differing(name, [
    ["local address", found.vxlan?.local ?? NONE, local],
    ["UDP port", found.vxlan?.port ?? NONE, port],
  ]),
  ...tunnels.flatMap((tunnel) =>
    expandRange(tunnel).flatMap((vid, at) => {
      const vni = live.tunnels.find((one) => one.port === name && (one.vid as Vid) === vid)?.vni;
      return differing(name, [[`VNI of VLAN ${String(vid)}`, vni ?? NONE, tunnel.vni + at]]);
    }),
  ),
  ...live.tunnels
    .filter(
      (one) => one.port === name && !tunnels.some(({ first, last }) => first <= one.vid && one.vid <= last),
    )
    .flatMap(({ vid, vni }) => differing(name, [[`VNI of VLAN ${String(vid)}`, vni, NONE]])),
  ...(peers ?? [])
    .filter((peer) => !live.peers.some((one) => one.port === name && one.address === peer))
    .map((peer) => ({ device: name, what: "peer", found: null, wanted: peer })),
];

const ofKind = (link: HostLink, found: LiveLink, live: LiveNetwork): readonly Difference[] => {
  const { name } = link;
  switch (link.kind) {
    case "physical":
      return [];
    case "bridge":
      return ofBridge(link, found, live);
    case "bond":
      return differing(name, [["mode", found.bond?.mode ?? NONE, link.mode]]);
    case "vlan":
      return differing(name, [
        ["device below", found.lower ?? NONE, link.parent],
        ["VLAN", found.vlan?.id ?? NONE, link.vid],
      ]);
    case "vrf":
      return differing(name, [["table", found.vrf?.table ?? NONE, link.table]]);
    case "vxlan":
      return ofVxlan(link, found, live);
  }
};

const isDefault = (to: string): boolean => to === "default" || to === "0.0.0.0/0" || to === "::/0";

const ofAddressing = (name: string, wanted: HostAddressing, live: LiveNetwork): readonly Difference[] => {
  const addresses = live.addresses.filter(({ dev }) => dev === name);
  const row = (what: string, there: boolean, text: string): readonly Difference[] =>
    there ? [] : [{ device: name, what, found: null, wanted: text }];
  return [
    ...wanted.addresses.flatMap(({ address, length }) =>
      row(
        "address",
        addresses.some((one) => one.address === address && one.length === length),
        `${address}/${String(length)}`,
      ),
    ),
    ...wanted.gateways.flatMap(({ via }) =>
      row(
        "default route",
        live.routes.some((route) => isDefault(route.to) && route.via === via && route.dev === name),
        `via ${via}`,
      ),
    ),
    ...(wanted.dhcp
      ? row(
          "address",
          addresses.some(({ family, dynamic }) => family === "ipv4" && dynamic),
          "by DHCP",
        )
      : []),
    ...(wanted.slaac
      ? row(
          "address",
          addresses.some(({ fromRouter }) => fromRouter),
          "by router advertisement",
        )
      : []),
  ];
};

const ofMaster = (name: string, master: Master | null, live: LiveNetwork): readonly Difference[] =>
  master?.kind === "bridge" ? ofVlans(name, master.vlans.tagged, master.vlans.native, live) : [];

const ofLink = (link: HostLink, live: LiveNetwork): readonly Difference[] => {
  const { name, kind, mac, mtu, master, addressing } = link;
  const found = linkOf(live, name);
  if (found === null) return [{ device: name, what: "device", found: null, wanted: kind }];
  if (kind !== "physical" && found.kind !== kind)
    return [{ device: name, what: "device", found: found.kind ?? "a physical device", wanted: kind }];
  return [
    ...differing(name, [
      ["state", found.up ? "up" : "down", "up"],
      ["MTU", found.mtu, mtu ?? found.mtu],
      ["MAC address", found.mac, mac ?? found.mac],
      ["master", found.master ?? NONE, master?.name ?? NONE],
    ]),
    ...ofKind(link, found, live),
    ...ofMaster(name, master, live),
    ...(addressing === null ? [] : ofAddressing(name, addressing, live)),
  ];
};

const FORWARDING = ["net/ipv4/ip_forward", "net/ipv6/conf/all/forwarding"];

/** Compares a running host with its host.json. */
export const differencesOf = (network: HostNetwork, live: LiveNetwork): readonly Difference[] => [
  ...network.links.flatMap((link) => ofLink(link, live)),
  ...(network.forwarding
    ? FORWARDING.flatMap((name) => differing("host", [[name, live.sysctl(name) ?? NONE, "1"]]))
    : []),
];

/** Returns a difference in one line. */
export const differenceText = ({ device, what, found, wanted }: Difference): string =>
  found === null ? `${device}: no ${what} ${wanted}` : `${device}: ${what} ${found}, not ${wanted}`;
