import * as v from "valibot";
import { VLAN_NAME } from "../../guest/site.ts";
import { mac } from "../../profile/schema/network.ts";
import { deviceName } from "./device-name.ts";
import { namedVlan, vlan, vlanKey } from "../../profile/schema/vlans.ts";
import { choice, count, expects, match, object, optional, required } from "../../text/schema.ts";
import { addressing } from "./addressing.ts";
import { prefixes, reserved } from "./prefixes.ts";
import { vxlan } from "./vxlan.ts";

export const uplinks = v.array(deviceName, expects("wrong-type", "must be a list of network interfaces"));

const vlanName = match(
  VLAN_NAME,
  expects(
    "vlan-name",
    "must be a name of 1 to 63 letters, digits, dots, dashes or underscores, beginning with a letter",
  ),
);

const vlanWithPrefixes = object({
  id: required(namedVlan, "VLAN ID or range."),
  prefixes: optional(
    prefixes,
    "Networks of the VLAN, from which guests get their addresses; not for a range. Default: none.",
  ),
  reserved: optional(
    reserved,
    'Addresses in prefixes that no guest is given: ["10.0.20.1", "10.0.20.200-10.0.20.254"]. Default: none.',
  ),
});

/** A host's own network in a VLAN. */
const network = object(addressing);

/** MTU of Ethernet frames' payload; 1280 is IPv6's minimum, but a bridge may carry IPv4 only. */
export const mtu = count(576, 65_521);

export const bridge = object({
  uplinks: optional(uplinks, "Bridge ports that connect the bridge to the physical network. Default: none."),
  vlans: optional(
    v.record(
      vlanName,
      v.union(
        [namedVlan, vlanWithPrefixes],
        expects("vlan-range", 'must be a VLAN ID from 1 to 4094, a range such as "100-199", or an object with "id"'),
      ),
      expects("wrong-type", 'must be an object such as { "servers": 20 }'),
    ),
    'VLAN names for profiles, each for a VLAN ID or a range: { "servers": 20, "office": "100-199" }, or for an object with id and prefixes. Default: none.',
  ),
  uplinkVlans: optional(
    choice(["static", "follow-guests"]),
    "Whether the uplinks always carry the VLANs (static), or only while a guest uses them (follow-guests).",
    "static",
  ),
  native: optional(
    vlan,
    "VLAN of untagged frames on the uplinks. Default: none; the uplinks drop untagged frames.",
  ),
  mac: optional(
    mac,
    "MAC address of the bridge. Default: derived from name, or else from the host's own addresses.",
  ),
  mtu: optional(mtu, "MTU of the bridge and its uplinks, in bytes. Default: 1500."),
  addresses: optional(
    v.record(
      vlanKey,
      network,
      expects("wrong-type", 'must be an object such as { "mgmt": { "addresses": ["192.0.2.10/24"] } }'),
    ),
    'The host\'s own addresses, by VLAN: { "mgmt": { "addresses": ["192.0.2.10/24"], "gateway": "192.0.2.1" } }. Default: none.',
  ),
  vxlan: optional(vxlan, "VLANs of the bridge that reach other hosts over an IP network. Default: none."),
});
