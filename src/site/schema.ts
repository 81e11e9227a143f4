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
    "must be a name of 1 to 63 letters, digits, dots, dashes or underscores, the first a letter",
  ),
);

const bridge = object({
  uplinks: optional(uplinks, "Ports of the bridge that lead out of the host. Default: none."),
  vlans: optional(
    v.record(vlanName, namedVlan, expects("wrong-type", 'must be an object such as { "servers": 20 }')),
    'Names that profiles may use, each for a VLAN ID or a range: { "servers": 20, "office": "100-199" }. Default: none.',
  ),
  uplinkVlans: optional(
    choice(["static", "follow-guests"]),
    "Whether a VLAN is on the uplinks always, or while a guest needs it.",
    "static",
  ),
});

const routed = object({
  uplinks: optional(uplinks, "Devices that routed guests are reached through. Default: none."),
  gateway: optional(
    gateway,
    "Gateway of routed interfaces that give none, one for each family. Default: fe80::1 and 169.254.0.1.",
  ),
});

/** A host as a person describes it. */
export const writtenHost = object({
  $schema: optional(
    line,
    "Path or URL of host.schema.json, for completion in editors; genxml does not read it. Default: none.",
  ),
  bridges: optional(
    v.record(ifName, bridge, expects("wrong-type", 'must be an object such as { "br0": { … } }')),
    "The host's bridges that filter VLANs, by their names. Default: none.",
  ),
  routed: optional(routed, "What routed guests have in common. Default: nothing of its own."),
});

export type WrittenHost = v.InferOutput<typeof writtenHost>;

/** The JSON Schema of `host.json`, for editors. */
export const siteSchema = (): string =>
  renderJsonSchema(
    "host.json",
    "What a host's guests have in common: its bridges, names for VLANs, and the gateway of routed guests.",
    writtenHost,
  );
