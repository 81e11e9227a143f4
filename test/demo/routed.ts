import { installHook } from "../e2e/install-hook.ts";
import { openLab } from "../lab/lab.ts";
import { start } from "./guests.ts";
import { heading, inGuest, on, virsh } from "./stage.ts";

const DNS1 = {
  name: "dns1",
  nic: { type: "routed", addresses: ["2001:db8:0:1::53", "192.0.2.53"] },
  boot: `ip link set eth0 up
    ip addr add 192.0.2.53/32 dev eth0; ip route add 169.254.0.1 dev eth0; ip route add default via 169.254.0.1
    ip addr add 2001:db8:0:1::53/128 dev eth0; ip -6 route add default via fe80::1 dev eth0`,
} as const;

/** A name server behind a routed tap, and a machine upstream that reaches it. */
export const routedAct = async (): Promise<void> => {
  const lab = await openLab(["nft-inet", "libvirt"]);
  try {
    heading(`A routed guest: alone behind its tap, a host route for each of its addresses (${lab.mode})`);
    const [host, upstream] = [await lab.machine("host"), await lab.machine("upstream")];
    await lab.wire(host, "up0", upstream, "eth0");
    await host.sh(`sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
      ip addr add 198.51.100.2/24 dev up0; ip addr add 2001:db8:ff::2/64 dev up0 nodad`);
    await upstream.sh(`ip addr add 198.51.100.1/24 dev eth0; ip addr add 2001:db8:ff::1/64 dev eth0 nodad
      ip route add 192.0.2.0/24 via 198.51.100.2; ip -6 route add 2001:db8::/48 via 2001:db8:ff::2`);
    await installHook(host);
    const libvirt = await host.libvirt();
    await start(libvirt, DNS1);
    await on(host, "ip -br link show group 76");
    await on(host, "ip route show proto 76; ip -6 route show proto 76");
    await libvirt.guest("dns1").ready();
    await on(upstream, "ping -c 1 2001:db8:0:1::53 | head -2");
    await on(upstream, "ping -c 1 192.0.2.53 | head -2");
    await inGuest(libvirt, "dns1", "ping -c 1 2001:db8:ff::1 | head -2");
    await virsh(libvirt, "destroy", "dns1");
    await on(host, "ip -br link show group 76; ip route show proto 76; ip -6 route show proto 76");
  } finally {
    await lab.close();
  }
};
