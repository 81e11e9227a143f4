import * as v from "valibot";
import { MACVTAP_MODES } from "../../guest/libvirt-attachment.ts";
import { anyInterface, emulated, inside, isolated, mtu, portVlans } from "./interface-parts.ts";
import { choice, flag, list, object, optional, required } from "../../text/leaf.ts";
import { ifName, pciAddress } from "./network-leaves.ts";
import { SERVICES } from "../../guest/attachment.ts";
import { say } from "../../text/say.ts";
import { networkName } from "./text-leaves.ts";
import { vlanId } from "./vlan-leaves.ts";
import { routedInterface } from "./written-routed.ts";

/** `type`, by which the kinds are told apart. */
const kind = <const T extends string>(type: T, description: string) => required(v.literal(type), description);

export const bridgeInterface = object({
  type: kind("bridge", "A port of a bridge that filters VLANs. Either vlan or trunk must be there."),
  bridge: required(ifName, "Name of the bridge on the host."),
  ...portVlans,
  filtering: optional(
    flag,
    "false: the bridge itself is the VLAN; then no vlan, trunk or antispoof, and the hook leaves the port alone. Default: true.",
  ),
  ...isolated,
  antispoof: optional(
    flag,
    "Only frames from the NIC's own MAC address pass, and with addresses only what it may say of them. Default: true; where filtering is false, left out.",
  ),
  services: optional(
    list(choice(SERVICES)),
    "With addresses: router may advertise itself and forward for others, dhcp may answer as a DHCP server. Default: none.",
  ),
  ...inside,
  ...emulated,
  ...mtu,
});

const networkInterface = object({
  type: kind("network", "A port of a libvirt network."),
  network: required(networkName, "Name of the network, as virsh net-list has it."),
  portgroup: optional(
    networkName,
    "One of the network's portgroups. Default: the one that the network makes its default.",
  ),
  ...isolated,
  ...inside,
  ...emulated,
  ...mtu,
});

export const ovsInterface = object({
  type: kind("ovs", "A port of an Open vSwitch bridge. Either vlan or trunk must be there."),
  bridge: required(ifName, "Name of the Open vSwitch bridge."),
  ...portVlans,
  filtering: optional(flag, "false: a port with all VLANs; then no vlan or trunk. Default: true."),
  ...inside,
  ...emulated,
  ...mtu,
});

const macvtapInterface = object({
  type: kind(
    "macvtap",
    "A macvtap: on the network of a device of the host, without a bridge; the host itself is out of reach.",
  ),
  source: required(ifName, "The host's device."),
  mode: optional(
    choice(MACVTAP_MODES),
    "What passes between macvtaps of one device: all (bridge), what the switch sends back (vepa), nothing (private); passthrough has the device alone. Default: bridge.",
  ),
  ...inside,
  ...emulated,
});

const hostdevInterface = object({
  type: kind("hostdev", "A function of a network card (SR-IOV) that the guest drives itself."),
  source: required(
    pciAddress,
    "PCI address of the function, such as 0000:07:10.0: where /sys/class/net/NAME/device or …/virtfn0 leads to.",
  ),
  vlan: optional(
    vlanId,
    "The VLAN that the network card puts it into, 1–4094. Default: none; the guest sends what it likes.",
  ),
  managed: optional(
    flag,
    "libvirt takes the function from the host's driver at the guest's start, and gives it back. Default: true.",
  ),
  ...inside,
  ...anyInterface,
});

const KINDS = [
  bridgeInterface,
  routedInterface,
  networkInterface,
  ovsInterface,
  macvtapInterface,
  hostdevInterface,
] as const;

/** One interface, told apart by its `type`. */
export const writtenInterface = v.variant(
  "type",
  [...KINDS],
  say("wrong-choice", `must be ${KINDS.map((kind) => `"${kind.entries.type.literal}"`).join(" or ")}`),
);
export type WrittenInterface = v.InferOutput<typeof writtenInterface>;
