import * as v from "valibot";
import { VLAN_NAME } from "../guest/site.ts";
import { choice, match, object, optional, expects } from "../text/schema.ts";
import { gateway, ifName } from "../profile/schema/network.ts";
import { line } from "../profile/schema/strings.ts";
import { namedVlan } from "../profile/schema/vlans.ts";
import { renderJsonSchema } from "../text/json-schema.ts";

const uplinks = v.array(ifName, expects("wrong-type", "must be a list of network interfaces"));

const vlanName = match(
  VLAN_NAME,
  expects(
    "vlan-name",
    "must be a name of 1 to 63 letters, digits, dots, dashes or underscores, beginning with a letter",
  ),
);

const bridge = object({
  uplinks: optional(uplinks, "Bridge ports that connect the bridge to the physical network. Default: none."),
  vlans: optional(
    v.record(vlanName, namedVlan, expects("wrong-type", 'must be an object such as { "servers": 20 }')),
    'VLAN names for profiles, each for a VLAN ID or a range: { "servers": 20, "office": "100-199" }. Default: none.',
  ),
  uplinkVlans: optional(
    choice(["static", "follow-guests"]),
    "Whether the uplinks always carry the VLANs (static), or only while a guest uses them (follow-guests).",
    "static",
  ),
});

const routed = object({
  uplinks: optional(uplinks, "Devices through which routed NICs are reached. Default: none."),
  gateway: optional(
    gateway,
    "Default gateways of routed NICs, one per family. Default: fe80::1 and 169.254.0.1.",
  ),
});

/** A host as a person describes it. */
export const writtenHost = object({
  $schema: optional(
    line,
    "Path or URL of host.schema.json, for completion in editors; genxml ignores it. Default: none.",
  ),
  bridges: optional(
    v.record(ifName, bridge, expects("wrong-type", 'must be an object such as { "br0": { … } }')),
    "VLAN-aware bridges of the host, by name. Default: none.",
  ),
  routed: optional(routed, "Common settings of routed NICs. Default: none."),
});

export type WrittenHost = v.InferOutput<typeof writtenHost>;

/** The JSON Schema of `host.json`, for editors. */
export const siteSchema = (): string =>
  renderJsonSchema(
    "host.json",
    "Description of a host: its bridges, VLAN names, and the gateways of routed NICs.",
    writtenHost,
  );
