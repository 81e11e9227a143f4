import { mac, pciAddress, tapName } from "./network.ts";
import { choice, count, flag, list, object, optional, required } from "../../text/schema.ts";
import { trunkItem, vlan } from "./vlans.ts";

// What several kinds of interfaces have in common.

/** Keys of every interface, independent of its attachment. */
export const anyInterface = {
  mac: optional(
    mac,
    "MAC address of the NIC. Default: 52:54:00 and three bytes derived from the guest's name.",
  ),
  bootOrder: optional(
    count(1, 1000),
    "Position in the firmware's boot order, starting at 1; disks then require one too. Default: the guest does not boot from the network.",
  ),
};

// Up to 4 TiB in a second: libvirt counts KiB, in 32 bits.
const kibibytes = count(1, 4_294_967_295);
const rate = object({
  average: required(kibibytes, "Average rate in KiB per second."),
  peak: optional(kibibytes, "Maximum rate in KiB per second during a burst. Default: unlimited."),
  burst: optional(kibibytes, "KiB that may pass at the peak rate. Default: libvirt's default."),
});

const bandwidth = object({
  inbound: optional(rate, "Limit for traffic to the guest. Default: unlimited."),
  outbound: optional(rate, "Limit for traffic from the guest. Default: unlimited."),
});

/** Keys of a NIC that QEMU emulates. */
export const emulated = {
  ...anyInterface,
  model: optional(
    choice(["virtio", "e1000e", "e1000", "rtl8139"]),
    "NIC model that the guest sees. Default: virtio; e1000e for Windows and other.",
  ),
  tap: optional(
    tapName,
    "Name of the tap on the host, 1 to 15 of a–z, 0–9 and dashes. Default: NAME-0, NAME-1 …, shortened with a hash.",
  ),
  queues: optional(
    count(1, 256),
    "Queue pairs of a virtio NIC, at most one per vCPU. Default: the number of vCPUs, at most 8.",
  ),
  link: optional(
    choice(["up", "down"]),
    "Link state at start. With down, the guest has no carrier until virsh domif-setlink.", "up",
  ),
  bandwidth: optional(bandwidth, "Rate limits that libvirt sets on the tap. Default: none."),
};

/** The other half of a pair. */
export const failover = {
  failover: optional(
    object({
      source: required(
        pciAddress,
        "PCI address of the function, such as 0000:07:10.0: the target of /sys/class/net/NAME/device or …/virtfn0.",
      ),
      vlan: optional(
        vlan,
        "VLAN that the network card sets, 1–4094 or a name from host.json. Default: vlan of the NIC; none on a trunk.",
      ),
      managed: optional(
        flag,
        "Whether libvirt detaches the function from its host driver at start and reattaches it afterwards.", true,
      ),
    }),
    "A function of a network card (SR-IOV) with the NIC's MAC address, which the guest uses except during a migration. Requires model virtio. Default: none.",
  ),
};

/** The largest packet; a macvtap has its device's. */
export const mtu = {
  mtu: optional(
    count(576, 65_521),
    "MTU in bytes, announced to the guest. Default: the MTU of the bridge, or 1500.",
  ),
};

/** A port's VLANs: `vlan`, or `trunk` with or without `native`. */
export const portVlans = {
  vlan: optional(
    vlan,
    "VLAN of an access port, 1–4094 or a name from host.json; untagged for the guest. Default: none; then trunk is required.",
  ),
  trunk: optional(
    list(trunkItem),
    'Tagged VLANs: IDs, ranges, and names from host.json: [30, "100-199", "dmz"]. Default: none; then vlan is required.',
  ),
  native: optional(
    vlan,
    "VLAN for untagged frames of a trunk. Default: none; untagged frames are dropped.",
  ),
};

/** Whether the port is kept from its like. */
export const isolated = {
  isolated: optional(flag, "Whether to block frames to and from other isolated ports of the bridge.", false),
};
