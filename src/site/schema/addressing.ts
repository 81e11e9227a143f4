import * as v from "valibot";
import { gateway, readInterfaceAddress } from "../../profile/schema/network.ts";
import { deviceName } from "./device-name.ts";
import { expects, optional, read } from "../../text/schema.ts";

// How the host gets its addresses in one network: the words are those of profiles, and a list may mix them.

/** Where addresses come from that the file does not list. */
export const SOURCES = ["dhcp", "slaac"] as const;

const rule = expects(
  "address",
  'must be an address with prefix length, such as "192.0.2.10/24", or "dhcp" or "slaac"',
);
const hostAddress = v.union(
  [v.picklist(SOURCES, rule), read(readInterfaceAddress, /^[0-9A-Fa-f:.]+\/[0-9]{1,3}$/, rule)],
  rule,
);

const listRule = expects(
  "wrong-type",
  'must be a list of addresses, "dhcp" or "slaac"; an empty list is for none',
);
const addresses = v.union([v.array(hostAddress, listRule), v.picklist(SOURCES, listRule)], listRule);

/** Keys of a network in which the host has addresses. */
export const addressing = {
  addresses: optional(
    addresses,
    'Addresses of the host with prefix length: ["192.0.2.10/24", "2001:db8:10::10/64"]. "dhcp" is DHCP for IPv4, "slaac" accepts router advertisements; a list may contain both. Default: none.',
  ),
  gateway: optional(
    gateway,
    "Default gateways of the host, one per family on the whole host: in a network of addresses, or link-local. Default: none.",
  ),
  vrf: optional(deviceName, "VRF of the network, one of routed.vrfs. Default: none."),
};
