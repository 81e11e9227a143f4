import * as v from "valibot";
import { hostname } from "../profile/schema/cloud-init.ts";
import { deviceName, interfaceName } from "./schema/device-name.ts";
import { line } from "../profile/schema/strings.ts";
import { type JsonSchema, schemaOfFile } from "../text/json-schema.ts";
import { expects, object, optional } from "../text/schema.ts";
import { addressing } from "./schema/addressing.ts";
import { bond } from "./schema/bond.ts";
import { bridge, mtu } from "./schema/bridge.ts";
import { routed } from "./schema/routed.ts";

const ownInterface = object({
  ...addressing,
  mtu: optional(mtu, "MTU in bytes. Default: 1500."),
});

/** A host as a person describes it. */
export const writtenHost = object({
  $schema: optional(
    line,
    "Path or URL of host.schema.json, for completion in editors; genxml ignores it. Default: none.",
  ),
  name: optional(hostname, "Name of the host, from which MAC addresses are derived. Default: none."),
  bonds: optional(
    v.record(
      deviceName,
      bond,
      expects("wrong-type", 'must be an object such as { "bond0": { "ports": ["eno1"] } }'),
    ),
    'Bonds of physical interfaces, by name: { "bond0": { "ports": ["eno1", "eno2"], "mode": "802.3ad" } }. Default: none.',
  ),
  bridges: optional(
    v.record(deviceName, bridge, expects("wrong-type", 'must be an object such as { "br0": { … } }')),
    "VLAN-aware bridges of the host, by name. Default: none.",
  ),
  interfaces: optional(
    v.record(
      interfaceName,
      ownInterface,
      expects("wrong-type", 'must be an object such as { "enp2s0": { "addresses": ["198.51.100.2/31"] } }'),
    ),
    'Interfaces that are not a port of a bridge, with the host\'s addresses on them: { "enp2s0": { "addresses": ["198.51.100.2/31"] } }. Default: none.',
  ),
  routed: optional(
    routed,
    "Common settings of routed NICs. If present, the host forwards packets. Default: none.",
  ),
});

export type WrittenHost = v.InferOutput<typeof writtenHost>;

/** The JSON Schema of `host.json`, for editors. */
export const siteSchema = (): JsonSchema =>
  schemaOfFile(
    "host.json",
    "Description of a host: its bridges, VLANs and uplinks, its own addresses, and what it routes.",
    writtenHost,
  );
