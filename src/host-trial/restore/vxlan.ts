import type { LiveNetwork, LivePeer, LiveTunnel } from "../../live-network/live-network.ts";
import type { Line } from "../managers.ts";
import { bridge } from "./command.ts";

const tunnelKey = ({ port, vid, vni }: LiveTunnel): string => [port, vid, vni].join(" ");
const peerKey = ({ port, address, vni }: LivePeer): string => [port, address, vni].join(" ");

const ALL_MACS = "00:00:00:00:00:00";

/** Returns what gives VXLAN ports their VNIs and their peers back (bridge(8), "tunnel_info" and "vni"). */
export const restoreVxlan = (before: LiveNetwork, now: LiveNetwork): readonly Line[] => {
  const tunnels = new Set(now.tunnels.map(tunnelKey));
  const peers = new Set(now.peers.map(peerKey));
  const ports = before.links.filter(({ vxlan, port }) => vxlan !== null && port !== null);
  return ports.flatMap(({ name, port }) => {
    const isTunnel = port?.vlanTunnel === true;
    const gone = before.tunnels.filter((one) => one.port === name && !tunnels.has(tunnelKey(one)));
    const silent = before.peers.filter((one) => one.port === name && !peers.has(peerKey(one)));
    if (gone.length + silent.length === 0) return [];
    return [
      bridge("link", "set", "dev", name, "vlan_tunnel", isTunnel ? "on" : "off", "learning", "off"),
      ...gone.flatMap(({ vid, vni }) => [
        bridge("vni", "add", "dev", name, "vni", vni),
        bridge("vlan", "add", "dev", name, "vid", vid, "tunnel_info", "id", vni),
      ]),
      ...silent.map(({ address, vni }) =>
        bridge(
          ...["fdb", "append", ALL_MACS, "dev", name, "dst", address],
          ...(vni === null ? [] : ["src_vni", vni, "vni", vni]),
        ),
      ),
    ];
  });
};
