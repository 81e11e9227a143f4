import * as v from "valibot";
import { emulated, mtu, anyInterface, inside, isolated, portVlans } from "./interface-keys.ts";
import { choice, count, flag, list, object, optional, required, expects } from "../../text/schema.ts";
import { gateway, hostAddress, ifName, network, tableId, pciAddress } from "./network.ts";
import { MACVTAP_MODES } from "../../guest/libvirt-attachment.ts";
import { SERVICES } from "../../guest/attachment.ts";
import { networkName } from "./strings.ts";
import { vlanId } from "./vlans.ts";

/** An interface behind a tap of its own. */
export const routedInterface = object({
  type: required(
    v.literal("routed"),
    "A tap of its own, without a bridge; the guest's addresses are host routes to it.",
  ),
  addresses: required(
    list(hostAddress),
    "The guest's addresses, at least one, of one family or both, without a prefix length.",
  ),
  prefixes: optional(
    v.array(network, expects("wrong-type", "must be a list of networks")),
    "Whole networks, each routed via the guest's first address of its family. Default: none.",
  ),
  gateway: optional(
    gateway,
    "The host's address on the tap, one for each family. Default: host.json's, or else fe80::1 and 169.254.0.1.",
  ),
  antispoof: optional(flag, "Only packets from the NIC's own addresses and prefixes pass.", true),
  vrf: optional(
    ifName,
    "VRF device of the host that the tap and its routes are in; the host has to have it. Default: none.",
  ),
  table: optional(
    tableId,
    "Number of the routing table that its routes are in, not 253 to 255, and not beside vrf. Default: main.",
  ),
  metric: optional(
    count(1, 4_294_967_295),
    "Metric of its routes; the lower one is taken. Default: the kernel's.",
  ),
  anycast: optional(
    flag,
    "Other guests may have the same addresses and networks, on this host and on others; they say it, too.", false,
  ),
  reach: optional(
    choice(["any", "uplink-only"]),
    "uplink-only: the host forwards nothing between this guest and other routed ones; not beside vrf.", "any",
  ),
  proxy: optional(
    list(ifName),
    "Uplinks on which the host answers NDP and ARP for the addresses; not beside anycast. Default: none.",
  ),
  ...emulated,
  ...mtu,
});

/** `type`, by which the kinds are told apart. */
const kind = <const T extends string>(type: T, description: string) => required(v.literal(type), description);

export const bridgeInterface = object({
  type: kind("bridge", "A port of a bridge that filters VLANs. Either vlan or trunk must be there."),
  bridge: required(ifName, "Name of the bridge on the host."),
  ...portVlans,
  filtering: optional(
    flag,
    "false: the bridge itself is the VLAN; then no vlan, trunk or antispoof, and the hook leaves the port alone.", true,
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
  filtering: optional(flag, "false: a port with all VLANs; then no vlan or trunk.", true),
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
    "What passes between macvtaps of one device: all (bridge), what the switch sends back (vepa), nothing (private); passthrough has the device alone.", "bridge",
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
    "libvirt takes the function from the host's driver at the guest's start, and gives it back.", true,
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
  expects("wrong-choice", `must be ${KINDS.map((kind) => `"${kind.entries.type.literal}"`).join(" or ")}`),
);
export type WrittenInterface = v.InferOutput<typeof writtenInterface>;
