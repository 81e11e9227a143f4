import type { Host } from "../host.ts";

const BRIDGE =
  "bridge.vlan-filtering yes bridge.vlan-default-pvid 0 bridge.stp no bridge.mac-address 02:00:5e:00:00:10";

/** Gives a host a bridge that filters VLANs, with an uplink, by NetworkManager. It forwards packets of routed guests. */
export const bridgeByNetworkManager = async (host: Host): Promise<void> => {
  await host.sh(`sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
    systemctl enable --now NetworkManager NetworkManager-dispatcher
    nmcli connection add type bridge con-name br0 ifname br0 ${BRIDGE} ipv4.method disabled ipv6.method disabled
    nmcli connection add type dummy con-name up0 ifname up0 master br0 slave-type bridge bridge-port.vlans 20-29
    nmcli connection up br0
    nmcli connection up up0`);
};
