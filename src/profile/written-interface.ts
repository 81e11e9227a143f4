import * as v from "valibot";
import { choice, count, flag, list, object } from "./leaf.ts";
import {
  bridgeName,
  gateway,
  hostAddress,
  mac,
  network,
  tapName,
  trunkItem,
  vlanId,
} from "./network-leaves.ts";
import { say } from "./say.ts";

/** What every interface may have, however it is attached. */
const anyInterface = {
  mac: v.optional(mac),
  model: v.optional(choice(["virtio", "e1000e"])),
  tap: v.optional(tapName),
  mtu: v.optional(count(576, 65_521)),
  queues: v.optional(count(1, 256)),
  antispoof: v.optional(flag),
};

const bridgeInterface = object({
  type: v.literal("bridge"),
  bridge: bridgeName,
  vlan: v.optional(vlanId),
  trunk: v.optional(list(trunkItem)),
  native: v.optional(vlanId),
  isolated: v.optional(flag),
  ...anyInterface,
});

const routedInterface = object({
  type: v.literal("routed"),
  addresses: list(hostAddress),
  prefixes: v.optional(v.array(network, say("wrong-type", "must be a list of networks"))),
  gateway: v.optional(gateway),
  ...anyInterface,
});

/** One interface, told apart by its `type`. */
export const writtenInterface = v.variant(
  "type",
  [bridgeInterface, routedInterface],
  say("wrong-choice", 'must be "bridge" or "routed"'),
);
export type WrittenInterface = v.InferOutput<typeof writtenInterface>;
