import * as v from "valibot";
import { MACVTAP_MODES } from "../model/libvirt-attachment.ts";
import { interfaceAddress } from "./guest-side-leaves.ts";
import { choice, count, flag, list, object } from "./leaf.ts";
import { ifName, gateway, hostAddress, mac, network, pciAddress, tapName } from "./network-leaves.ts";
import { say } from "./say.ts";
import { networkName } from "./text-leaves.ts";
import { trunkItem, vlan, vlanId } from "./vlan-leaves.ts";

/** What every interface may have, however it is attached. */
const anyInterface = { mac: v.optional(mac), bootOrder: v.optional(count(1, 1000)) };

// Up to 4 TiB in a second: libvirt counts KiB, in 32 bits.
const rate = object({
  average: count(1, 4_294_967_295),
  peak: v.optional(count(1, 4_294_967_295)),
  burst: v.optional(count(1, 4_294_967_295)),
});

/** What a NIC may have that QEMU emulates. */
const emulated = {
  ...anyInterface,
  model: v.optional(choice(["virtio", "e1000e"])),
  tap: v.optional(tapName),
  queues: v.optional(count(1, 256)),
  link: v.optional(choice(["up", "down"])),
  bandwidth: v.optional(object({ inbound: v.optional(rate), outbound: v.optional(rate) })),
};

const mtu = { mtu: v.optional(count(576, 65_521)) };

/** What the guest is to configure itself; behind a routed tap it follows from the attachment. */
const inside = { addresses: v.optional(list(interfaceAddress)), gateway: v.optional(gateway) };

const portVlans = {
  vlan: v.optional(vlan),
  trunk: v.optional(list(trunkItem)),
  native: v.optional(vlan),
};

const bridgeInterface = object({
  type: v.literal("bridge"),
  bridge: ifName,
  ...portVlans,
  filtering: v.optional(flag),
  isolated: v.optional(flag),
  antispoof: v.optional(flag),
  ...inside,
  ...emulated,
  ...mtu,
});

const routedInterface = object({
  type: v.literal("routed"),
  addresses: list(hostAddress),
  prefixes: v.optional(v.array(network, say("wrong-type", "must be a list of networks"))),
  gateway: v.optional(gateway),
  antispoof: v.optional(flag),
  ...emulated,
  ...mtu,
});

const networkInterface = object({
  type: v.literal("network"),
  network: networkName,
  portgroup: v.optional(networkName),
  isolated: v.optional(flag),
  ...inside,
  ...emulated,
  ...mtu,
});

const ovsInterface = object({
  type: v.literal("ovs"),
  bridge: ifName,
  ...portVlans,
  ...inside,
  ...emulated,
  ...mtu,
});

const macvtapInterface = object({
  type: v.literal("macvtap"),
  source: ifName,
  mode: v.optional(choice(MACVTAP_MODES)),
  ...inside,
  ...emulated,
});

const hostdevInterface = object({
  type: v.literal("hostdev"),
  source: pciAddress,
  vlan: v.optional(vlanId),
  managed: v.optional(flag),
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
