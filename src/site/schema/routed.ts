import * as v from "valibot";
import { gateway, tableId } from "../../profile/schema/network.ts";
import { deviceName } from "./device-name.ts";
import { expects, object, optional } from "../../text/schema.ts";
import { uplinks } from "./bridge.ts";
import { prefixes, reserved } from "./prefixes.ts";

export const routed = object({
  uplinks: optional(uplinks, "Devices through which routed NICs are reached. Default: none."),
  gateway: optional(
    gateway,
    "Default gateways of routed NICs, one per family. Default: fe80::1 and 169.254.0.1.",
  ),
  prefixes: optional(
    prefixes,
    "Networks from which routed NICs get their addresses and prefixes. Default: none; any address is accepted.",
  ),
  reserved: optional(reserved, "Addresses in prefixes that no guest is given. Default: none."),
  vrfs: optional(
    v.record(deviceName, tableId, expects("wrong-type", 'must be an object such as { "blue": 1001 }')),
    'VRF devices, each with the number of its routing table: { "blue": 1001 }. Default: none.',
  ),
});
