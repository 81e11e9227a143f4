import * as v from "valibot";
import { inside, vlanAddresses } from "./guest-side.ts";
import { emulated, failover, mtu, anyInterface, isolated, portVlans } from "./interface-keys.ts";
import { choice, count, flag, list, object, oneOf, optional, required, expects, variant } from "../../text/schema.ts";
import { gateway, hostAddress, ifName, libvirtDevice, mac, network, tableId, pciAddress } from "./network.ts";
import { MACVTAP_MODES } from "../../guest/libvirt-attachment.ts";
import { MOST_MACS, SERVICES } from "../../guest/port-policy.ts";
import { networkName } from "./strings.ts";
import { vlan } from "./vlans.ts";

/** An interface behind a tap of its own. */
export const routedInterface = object({
  type: required(
    v.literal("routed"),
    "A routed NIC: a tap without a bridge, with host routes to the guest's addresses.",
  ),
  addresses: required(
    list(hostAddress),
    "Addresses of the guest, at least one, IPv4, IPv6 or both, without prefix length.",
  ),
  prefixes: optional(
    v.array(network, expects("wrong-type", "must be a list of networks")),
    "Networks routed to the guest, via its first address of the same family. Default: none.",
  ),
  gateway: optional(
    gateway,
    "Addresses of the host on the tap, one per family. Default: from host.json, otherwise fe80::1 and 169.254.0.1.",
  ),
  antispoof: optional(flag, "Whether to drop packets from other sources than addresses and prefixes.", true),
  vrf: optional(
    ifName,
    "VRF device of the tap and its routes; it must exist on the host. Default: none.",
  ),
  table: optional(
    tableId,
    "Number of the routing table for the routes; not 253 to 255, not combined with vrf. Default: main.",
  ),
  metric: optional(
    count(1, 4_294_967_295),
    "Metric of the routes; the lowest is preferred. Default: the kernel's default.",
  ),
  anycast: optional(
    v.union(
      [
        flag,
        object({
          while: required(choice(["answers"]), "Withdraw the routes while the guest does not answer ARP or neighbour discovery on its tap."),
        }),
      ],
      expects("wrong-type", 'must be true, false or { "while": "answers" }'),
    ),
    'Whether other guests may have the same addresses and prefixes, on any host. All of them must set it. { "while": "answers" } withdraws the routes of a guest that does not answer.', false,
  ),
  reach: optional(
    choice(["any", "uplink-only"]),
    "uplink-only blocks traffic between this guest and other routed NICs; not combined with vrf.", "any",
  ),
  proxy: optional(
    list(ifName),
    "Uplinks on which the host answers NDP and ARP for the addresses; not combined with anycast. Default: none.",
  ),
  ...emulated,
  ...mtu,
});

/** `type`, by which the kinds are told apart. */
const kind = <const T extends string>(type: T, description: string) => required(v.literal(type), description);

const moreMacs = v.pipe(
  list(mac),
  v.maxLength(MOST_MACS, expects("count", `must have at most ${MOST_MACS} MAC addresses`)),
);

export const bridgeInterface = object({
  type: kind("bridge", "A port of a VLAN-aware bridge. Requires vlan or trunk."),
  bridge: required(libvirtDevice, "Name of the bridge on the host."),
  ...portVlans,
  filtering: optional(
    flag,
    "Whether the bridge is VLAN-aware. false is for a per-VLAN bridge: no vlan, trunk or antispoof; the hook does not change the port.", true,
  ),
  ...isolated,
  antispoof: optional(
    flag,
    "Whether to drop frames from other MAC addresses and, if addresses are set, from other IP addresses. Default: true; not allowed if filtering is false.",
  ),
  macs: optional(
    moreMacs,
    'MAC addresses that anti-spoofing permits beside mac: of nested guests, macvlan or VRRP, at most 64: ["00:00:5e:00:01:33"]. Default: none.',
  ),
  services: optional(
    list(choice(SERVICES)),
    "Services that anti-spoofing permits: router (advertise and forward), dhcp (answer as a DHCP server). Requires addresses. Default: none.",
  ),
  ...inside,
  ...vlanAddresses,
  ...emulated,
  ...failover,
  ...mtu,
});

export const networkInterface = object({
  type: kind("network", "A port of a libvirt network."),
  network: required(networkName, "Name of the network, as in virsh net-list."),
  portgroup: optional(
    networkName,
    "Portgroup of the network. Default: the default portgroup of the network.",
  ),
  ...isolated,
  ...inside,
  ...emulated,
  ...failover,
  ...mtu,
});

export const ovsInterface = object({
  type: kind("ovs", "A port of an Open vSwitch bridge. Requires vlan or trunk."),
  bridge: required(libvirtDevice, "Name of the Open vSwitch bridge."),
  ...portVlans,
  filtering: optional(flag, "Whether the port is limited to vlan or trunk. false gives it all VLANs.", true),
  ...inside,
  ...vlanAddresses,
  ...emulated,
  ...failover,
  ...mtu,
});

export const macvtapInterface = object({
  type: kind(
    "macvtap",
    "A macvtap on a host device, without a bridge. The guest cannot reach the host itself.",
  ),
  source: required(libvirtDevice, "Device of the host."),
  mode: optional(
    choice(MACVTAP_MODES),
    "Traffic between macvtaps of a device: all (bridge), via the switch (vepa) or none (private). passthrough uses the device exclusively.", "bridge",
  ),
  vlan: optional(
    vlan,
    "VLAN that the network card sets, 1–4094 or a name from host.json. Requires mode passthrough on an SR-IOV function. Default: none.",
  ),
  ...inside,
  ...emulated,
  ...failover,
});

const hostdevInterface = object({
  type: kind("hostdev", "A function of a network card (SR-IOV), passed to the guest."),
  source: required(
    pciAddress,
    "PCI address of the function, such as 0000:07:10.0: the target of /sys/class/net/NAME/device or …/virtfn0.",
  ),
  vlan: optional(
    vlan,
    "VLAN that the network card sets, 1–4094 or a name from host.json. Default: none; the guest may use any VLAN.",
  ),
  managed: optional(
    flag,
    "Whether libvirt detaches the function from its host driver at start and reattaches it afterwards.", true,
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
export const writtenInterface = variant(
  "type",
  [...KINDS],
  expects("wrong-choice", `must be ${oneOf(KINDS.map((kind) => kind.entries.type.literal))}`),
);
export type WrittenInterface = v.InferOutput<typeof writtenInterface>;
