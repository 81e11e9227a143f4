import { bootScript } from "../e2e/stage/guest/guest-side.ts";
import { openRoutedHost } from "../e2e/stage/host/routed-host.ts";
import { start } from "./guests.ts";
import { heading, inGuest, on, virsh } from "./stage.ts";

const NIC = { type: "routed", addresses: ["2001:db8:0:1::53", "192.0.2.53"] };

/** A name server behind a routed tap, and a machine upstream that reaches it. */
export const routedAct = async (): Promise<void> => {
  const { lab, host, upstream, libvirt } = await openRoutedHost(["nft-inet", "libvirt"]);
  try {
    heading(`A routed guest: alone behind its tap, a host route for each of its addresses (${lab.mode})`);
    await start(libvirt, { name: "dns1", nic: NIC, boot: bootScript("dns1", [NIC]) });
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
