import * as v from "valibot";
import { isVlanName } from "../model/site.ts";
import { accept, choice, object } from "../profile/leaf.ts";
import { gateway, ifName } from "../profile/network-leaves.ts";
import { say } from "../profile/say.ts";
import { line } from "../profile/text-leaves.ts";
import { namedVlan } from "../profile/vlan-leaves.ts";

const uplinks = v.optional(v.array(ifName, say("wrong-type", "must be a list of network interfaces")));

const vlanName = accept(
  isVlanName,
  say(
    "vlan-name",
    "must be a name of 1 to 63 letters, digits, dots, dashes or underscores, the first a letter",
  ),
);

const bridge = object({
  uplinks,
  vlans: v.optional(
    v.record(vlanName, namedVlan, say("wrong-type", 'must be an object such as { "servers": 20 }')),
  ),
  uplinkVlans: v.optional(choice(["static", "follow-guests"])),
});

/** A host as a person describes it. */
export const writtenHost = object({
  $schema: v.optional(line),
  bridges: v.optional(
    v.record(ifName, bridge, say("wrong-type", 'must be an object such as { "br0": { … } }')),
  ),
  routed: v.optional(object({ uplinks, gateway: v.optional(gateway) })),
});

export type WrittenHost = v.InferOutput<typeof writtenHost>;
