import type { LiveNetwork, LivePeer, LivePort, LiveTunnel } from "../../live-network/live-network.ts";
import type { Line } from "../managers.ts";
import { bridge } from "./command.ts";
import { restoredLinks } from "./links.ts";
import type { Tried } from "./tried.ts";

const onOff = (on: boolean): "on" | "off" => (on ? "on" : "off");

/** What a port has that has just joined its bridge (br_if.c, new_nbp()). */
const NEW_PORT: LivePort = { vlanTunnel: false, learning: true, isolated: false };

/** Returns what gives ports of bridges their flags back (bridge(8), "bridge link set"). */
export const restorePorts = (before: LiveNetwork, now: LiveNetwork): readonly Line[] =>
  restoredLinks(before.links).flatMap(({ name, master, port }) => {
    if (port === null) return [];
    const stays = now.links.find((link) => link.name === name && link.master === master);
    if (JSON.stringify(stays?.port ?? NEW_PORT) === JSON.stringify(port)) return [];
    const { vlanTunnel, learning, isolated } = port;
    return [
      bridge(
        ...["link", "set", "dev", name, "vlan_tunnel", onOff(vlanTunnel), "learning", onOff(learning)],
        ...["isolated", onOff(isolated)],
      ),
    ];
  });

const ALL_MACS = "00:00:00:00:00:00";

const addTunnel = ({ port, vid, vni }: LiveTunnel): readonly Line[] => [
  bridge("vni", "add", "dev", port, "vni", vni),
  bridge("vlan", "add", "dev", port, "vid", vid, "tunnel_info", "id", vni),
];

/** The VLAN may be gone by then, and its mapping with it. */
const deleteTunnel = ({ port, vid, vni }: LiveTunnel): readonly Line[] => [
  bridge("vlan", "del", "dev", port, "vid", vid, "tunnel_info", "id", vni),
  bridge("vni", "delete", "dev", port, "vni", vni),
];

const peer = (verb: "append" | "del", { port, address, vni }: LivePeer): Line =>
  bridge(
    ...["fdb", verb, ALL_MACS, "dev", port, "dst", address],
    ...(vni === null ? [] : ["src_vni", vni, "vni", vni]),
  );

/** Returns those of the first list that the second does not have. */
const lacking = <T extends object>(all: readonly T[], others: readonly T[]): readonly T[] => {
  const there = new Set(others.map((one) => JSON.stringify(one)));
  return all.filter((one) => !there.has(JSON.stringify(one)));
};

/**
 * Returns what gives VXLAN ports their VNIs and their peers back (bridge(8), "tunnel_info" and "vni"). Of new peers only those of the
 * tried host.json go: a routing daemon may have learned others meanwhile.
 */
export const restoreVxlan = (before: LiveNetwork, now: LiveNetwork, tried: Tried): readonly Line[] => {
  const ports = new Set(before.links.flatMap(({ name, vxlan }) => (vxlan === null ? [] : [name])));
  const of = <T extends { readonly port: string }>(all: readonly T[]): readonly T[] =>
    all.filter(({ port }) => ports.has(port));
  const isTried = ({ port, address }: LivePeer): boolean =>
    tried.peers.some((one) => one.port === port && one.address === address);
  return [
    ...lacking(of(now.peers), before.peers)
      .filter(isTried)
      .map((one) => peer("del", one)),
    ...lacking(of(now.tunnels), before.tunnels).flatMap(deleteTunnel),
    ...lacking(of(before.tunnels), now.tunnels).flatMap(addTunnel),
    ...lacking(of(before.peers), now.peers).map((one) => peer("append", one)),
  ];
};
