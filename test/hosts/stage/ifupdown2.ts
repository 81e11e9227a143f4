import type { Host } from "../host.ts";

const interfaces = (more: string): string => `auto lo
iface lo inet loopback

auto up0
iface up0

auto br0
iface br0
  bridge-ports up0
  bridge-vlan-aware yes
  bridge-vids 20-29
  post-up ip link set dev br0 type bridge vlan_default_pvid 0
${more}`;

/**
 * Gives a host a bridge that filters VLANs, with an uplink, by ifupdown2. It forwards packets of routed guests.
 *
 * @param more lines for the bridge
 */
export const bridgeByIfupdown2 = async (host: Host, more = ""): Promise<void> => {
  await host.writeFile("/etc/network/interfaces", interfaces(more));
  await host.sh(`sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
    # Missing in Debian's packages, and an error of every run without them.
    mkdir -p /etc/iproute2/rt_tables.d
    ip link show dev up0 >/dev/null 2>&1 || ip link add up0 type dummy
    # It makes the directory of ifupdown2's lock.
    systemctl enable networking
    systemctl restart networking
    bridge vlan show dev up0 | grep -q 20`);
};
