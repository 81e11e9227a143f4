import { interfaceAddress, gateway, mac, tapName } from "./network.ts";
import { choice, count, flag, list, object, optional, required } from "../../text/schema.ts";
import { trunkItem, vlan } from "./vlans.ts";

// What several kinds of interfaces have in common.

/** What every interface may have, however it is attached. */
export const anyInterface = {
  mac: optional(
    mac,
    "The NIC's MAC address. Default: 52:54:00 and three bytes derived from the guest's name.",
  ),
  bootOrder: optional(
    count(1, 1000),
    "Place among the devices that the firmware tries, 1 first; disks need theirs, too. Default: none, and it is not tried.",
  ),
};

// Up to 4 TiB in a second: libvirt counts KiB, in 32 bits.
const kibibytes = count(1, 4_294_967_295);
const rate = object({
  average: required(kibibytes, "KiB in a second, in the long run."),
  peak: optional(kibibytes, "KiB in a second, at most, while a burst lasts. Default: no other limit."),
  burst: optional(kibibytes, "KiB that may pass at the peak's speed. Default: libvirt's."),
});

const bandwidth = object({
  inbound: optional(rate, "What the guest receives. Default: no limit."),
  outbound: optional(rate, "What the guest sends. Default: no limit."),
});

/** What a NIC may have that QEMU emulates. */
export const emulated = {
  ...anyInterface,
  model: optional(
    choice(["virtio", "e1000e", "e1000", "rtl8139"]),
    "The device that the guest sees.", "virtio",
  ),
  tap: optional(
    tapName,
    "The NIC's device on the host, 1 to 15 of a–z, 0–9 and dashes. Default: NAME-0, NAME-1 …, shortened with a hash.",
  ),
  queues: optional(
    count(1, 256),
    "Queue pairs of a virtio NIC, each served by a vCPU. Default: as many as vCPUs, at most 8.",
  ),
  link: optional(
    choice(["up", "down"]),
    "down: the guest sees no carrier until virsh domif-setlink.", "up",
  ),
  bandwidth: optional(bandwidth, "Limits that libvirt sets on the tap. Default: none."),
};

/** The largest packet; a macvtap has its device's. */
export const mtu = {
  mtu: optional(
    count(576, 65_521),
    "The largest packet in bytes, which the guest is told as well. Default: the bridge's, or 1500.",
  ),
};

/** What the guest is to configure itself; behind a routed tap it follows from the attachment. */
export const inside = {
  addresses: optional(
    list(interfaceAddress),
    'The guest\'s addresses with the length of their network, for its own configuration: ["10.0.20.5/24"]. Default: none.',
  ),
  gateway: optional(
    gateway,
    "Next hop of the guest's default route, one for each family: in a network of addresses, or link-local. Default: none.",
  ),
};

/** A port's VLANs: `vlan`, or `trunk` with or without `native`. */
export const portVlans = {
  vlan: optional(
    vlan,
    "Access port: the one VLAN, 1–4094 or its name in host.json; the guest sees it untagged. Default: none; then trunk must be there.",
  ),
  trunk: optional(
    list(trunkItem),
    'Tagged VLANs, ranges, and names from host.json: [30, "100-199", "dmz"]. Default: none; then vlan must be there.',
  ),
  native: optional(
    vlan,
    "A trunk's VLAN for untagged frames. Default: none, and untagged frames are dropped.",
  ),
};

/** Whether the port is kept from its like. */
export const isolated = {
  isolated: optional(flag, "No frames pass to and from other isolated ports of the bridge.", false),
};
