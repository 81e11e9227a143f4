import * as v from "valibot";
import { emulated, mtu } from "./interface-parts.ts";
import { choice, count, flag, list, object, optional, required } from "../../text/leaf.ts";
import { gateway, hostAddress, ifName, network, tableId } from "./network-leaves.ts";
import { say } from "../../text/say.ts";

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
    v.array(network, say("wrong-type", "must be a list of networks")),
    "Whole networks, each routed via the guest's first address of its family. Default: none.",
  ),
  gateway: optional(
    gateway,
    "The host's address on the tap, one for each family. Default: host.json's, or else fe80::1 and 169.254.0.1.",
  ),
  antispoof: optional(flag, "Only packets from the NIC's own addresses and prefixes pass. Default: true."),
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
    "Other guests may have the same addresses and networks, on this host and on others; they say it, too. Default: false.",
  ),
  reach: optional(
    choice(["any", "uplink-only"]),
    "uplink-only: the host forwards nothing between this guest and other routed ones; not beside vrf. Default: any.",
  ),
  proxy: optional(
    list(ifName),
    "Uplinks on which the host answers NDP and ARP for the addresses; not beside anycast. Default: none.",
  ),
  ...emulated,
  ...mtu,
});
