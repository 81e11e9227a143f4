import { type Ability, type Lab, type Libvirt, type Machine, openLab } from "../../../lab/lab.ts";
import { bare } from "../guest/generate.ts";
import { configured } from "../guest/guest-side.ts";
import { launch } from "./host.ts";
import { installHook } from "./install-hook.ts";
import { until } from "../until.ts";

export const TRACE_NEEDS = [
  ...(["vlan-filtering", "8021q", "vrf", "nft-inet", "nft-bridge", "libvirt"] as const),
] satisfies readonly Ability[];

/** A host with two guests on its bridge, behind routed taps and in a VRF, that all work; a third one is defined. */
export interface TracedLab {
  readonly lab: Lab;
  readonly host: Machine;
  /** The network beyond the host's uplinks. */
  readonly outside: Machine;
  readonly libvirt: Libvirt;
}

const interfaces = (n: string): readonly object[] => [
  {
    ...{ type: "bridge", bridge: "br0", vlan: 20, gateway: "10.20.0.1" },
    addresses: [`10.20.0.${n}/24`, `2001:db8:20::${n}/64`],
  },
  { type: "routed", addresses: [`192.0.2.${n}`, `2001:db8:1::${n}`], proxy: ["up1"] },
  { type: "routed", addresses: [`192.0.2.1${n}`], vrf: "blue" },
  // The host is the gateway of this VLAN, which no uplink has.
  { type: "bridge", bridge: "br0", vlan: 30, addresses: [`10.30.0.${n}/24`, `2001:db8:30::${n}/64`] },
];

const HOST = `
  for f in /proc/sys/net/bridge/bridge-nf-call-*; do echo 0 >$f; done
  sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1 net.ipv6.conf.all.proxy_ndp=1
  ip link add br0 address 02:00:00:00:00:10 type bridge vlan_filtering 1 vlan_default_pvid 0; ip link set br0 up
  ip link set up0 master br0; bridge vlan add dev up0 vid 20
  bridge vlan add dev br0 vid 30 self; ip link add link br0 name br0.30 type vlan id 30; ip link set br0.30 up
  ip addr add 10.30.0.1/24 dev br0.30; ip addr add 2001:db8:30::1/64 dev br0.30 nodad
  ip addr add 198.51.100.2/25 dev up1; ip addr add 2001:db8:ff::2/64 dev up1 nodad
  ip route add default via 198.51.100.1; ip -6 route add default via 2001:db8:ff::1
  ip link add blue type vrf table 1001; ip link set blue up
  ip link set up2 master blue; ip addr add 198.51.100.130/25 dev up2
  ip route add vrf blue default via 198.51.100.129`;

const OUTSIDE = `
  ip addr add 198.51.100.1/25 dev eth1; ip addr add 2001:db8:ff::1/64 dev eth1 nodad
  ip addr add 198.51.100.129/25 dev eth2; ip addr add 203.0.113.9/32 dev lo
  ip route add 192.0.2.0/26 via 198.51.100.2; ip -6 route add 2001:db8:1::/48 via 2001:db8:ff::2
  ip route add 192.0.2.64/26 via 198.51.100.130
  ip link add link eth0 name eth0.20 type vlan id 20; ip addr add 10.20.0.1/24 dev eth0.20; ip link set eth0.20 up
  ip addr add 2001:db8:20::1/64 dev eth0.20 nodad`;

/** A frame on each NIC: the host then has something of the guest. */
const PINGS = `ping -c 1 -W 1 10.20.0.1 & ping -c 1 -W 1 10.30.0.1 &
for nic in eth1 eth2; do ping -c 1 -W 1 -I $nic 169.254.0.1 & done`;

/** Opens the lab; the guests have sent frames on all of their NICs. */
export const openTracedLab = async (): Promise<TracedLab> => {
  const lab = await openLab(TRACE_NEEDS);
  try {
    const host = await lab.machine("host");
    const outside = await lab.machine("outside");
    for (const n of ["0", "1", "2", "3"]) await lab.wire(host, `up${n}`, outside, `eth${n}`);
    await host.sh(HOST);
    await outside.sh(OUTSIDE);
    await installHook(host);
    const libvirt = await host.libvirt();
    for (const n of ["11", "12"]) {
      await launch(libvirt, `g${n}`, configured(`g${n}`, interfaces(n), PINGS));
      for (const nic of ["0", "1", "2", "3"])
        await until(host, `[ "$(cat /sys/class/net/g${n}-${nic}/statistics/rx_packets)" -gt 0 ]`);
    }
    const silent = bare("g13", [{ type: "bridge", bridge: "br0", vlan: 20, addresses: ["10.20.0.13/24"] }]);
    await libvirt.define(silent);
    return { lab, host, outside, libvirt };
  } catch (error) {
    await lab.close();
    throw error;
  }
};
