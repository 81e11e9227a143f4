import type { Ability } from "../../../lab/lab.ts";
import { openTwoHosts, type TwoHosts } from "./two-hosts.ts";

export const SWITCHED_NEEDS = ["vlan-filtering", "libvirt"] as const satisfies readonly Ability[];

const BRIDGE = "vlan_filtering 1 vlan_default_pvid 0 mcast_snooping 0";

/**
 * Two hosts on a switch: each has a VLAN-filtering bridge `br0` with the uplink `up0`; the machine `switch` is a switch
 * whose ports to them carry these VLANs tagged, and no other.
 *
 * @param vlans as bridge(8) takes them: `20` or `100-199`
 * @param needs of the kernel, where it is more than for others
 */
export const openSwitched = async (
  vlans: readonly string[],
  needs: readonly Ability[] = SWITCHED_NEEDS,
): Promise<TwoHosts> => {
  const two = await openTwoHosts(needs, "switch", (host) =>
    host.sh(`
      ip link add br0 type bridge ${BRIDGE}; ip link set up0 master br0; ip link set br0 up
      for vid in ${vlans.join(" ")}; do bridge vlan add dev up0 vid $vid; done`),
  );
  await two.middle.sh(`
    ip link set sw0 type bridge ${BRIDGE}
    for port in h1 h2; do
      bridge vlan del dev $port vid 1 2>/dev/null || true
      for vid in ${vlans.join(" ")}; do bridge vlan add dev $port vid $vid; done
    done`);
  return two;
};
