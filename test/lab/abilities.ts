import { quoted } from "./quoted.ts";

/** What a test may need of the kernel and the programs it runs on. */
export type Ability =
  | ("vlan-filtering" | "8021q" | "vrf" | "vxlan" | "macvtap" | "nft-inet" | "nft-bridge")
  | ("openvswitch" | "openvswitch-module" | "libvirt" | "apparmor" | "userfaultfd");

/** One shell command each, to run in a net namespace of its own: it succeeds where the ability is there. */
const probes: Readonly<Record<Ability, string>> = {
  "vlan-filtering": "ip link add b0 type bridge vlan_filtering 1",
  "8021q": "ip link add v0 type veth peer name v1 && ip link add link v0 name v0.5 type vlan id 5",
  // One device for all VNIs, from Linux 5.18 on.
  vxlan: "ip link add x0 type vxlan dstport 4789 external vnifilter",
  vrf: "ip link add r0 type vrf table 9",
  // Never natively: its node in /dev is named after the number of its device, which each net namespace counts for itself.
  macvtap:
    "grep -q UML /proc/cpuinfo && ip link add v0 type veth peer name v1 && ip link add link v0 name m0 type macvtap",
  "nft-inet": "nft add table inet t",
  "nft-bridge": "nft add table bridge t",
  openvswitch: "command -v ovs-vsctl && command -v ovs-vswitchd && command -v ovsdb-server",
  // Its datapath in the kernel, and not one of ovs-vswitchd's own.
  "openvswitch-module": "ovs-dpctl add-dp d0",
  // Never natively: a profile is loaded into the kernel, which the machine below shares.
  apparmor:
    "grep -q UML /proc/cpuinfo && grep -q Y /sys/module/apparmor/parameters/enabled && command -v apparmor_parser",
  // What QEMU needs for post-copy; the setting is there where the system call is (mm/userfaultfd.c).
  userfaultfd: "[ -e /proc/sys/vm/unprivileged_userfaultfd ]",
  libvirt: "command -v libvirtd && command -v virsh && command -v qemu-system-x86_64",
};

/** A command that prints, a line each, which of the needed abilities are missing. */
export function probeCommand(needs: readonly Ability[]): readonly string[] {
  const tests = needs.map(
    (ability) => `unshare --net sh -c ${quoted(probes[ability])} >/dev/null 2>&1 || echo ${ability}`,
  );
  return ["unshare", "--mount", "--net", "sh", "-c", tests.join("\n")];
}
