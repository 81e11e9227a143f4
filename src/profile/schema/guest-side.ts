import * as v from "valibot";
import { expects, list, object, optional, required } from "../../text/schema.ts";
import { bareAddress, gateway, interfaceAddress } from "./network.ts";
import { guestName } from "./strings.ts";
import { vlanKey } from "./vlans.ts";

// What the guest is to configure itself; behind a routed tap it follows from the attachment.

const addressesRule = expects(
  "wrong-type",
  'must be a list of addresses, "dhcp" or "slaac"; an empty list is for none',
);
/** Addresses, or where the guest gets them. */
const addresses = v.union(
  [v.array(interfaceAddress, addressesRule), v.picklist(["dhcp", "slaac"], addressesRule)],
  addressesRule,
);

const sharedAddress = object({
  address: required(bareAddress, "The address, without prefix length."),
  guests: required(
    list(guestName),
    "Names of the guests that may have the address. Each of them must name the others.",
  ),
});

const shared = {
  sharedAddresses: optional(
    list(sharedAddress),
    'Addresses that move between guests (VRRP): [{ "address": "10.0.20.9", "guests": ["lb1", "lb2"] }]. Default: none.',
  ),
};

/** What a guest has in the network of its untagged frames. */
export const inside = {
  addresses: optional(
    addresses,
    'Addresses with prefix length, for the guest\'s configuration and anti-spoofing: ["10.0.20.5/24"]; or dhcp, slaac or []. Default: dhcp, without anti-spoofing of addresses.',
  ),
  gateway: optional(
    gateway,
    "Default gateways of the guest, one per family: in a network of addresses, or link-local. Default: none.",
  ),
  ...shared,
};

const taggedNetwork = object({
  addresses: required(addresses, "Addresses of the guest in this VLAN, with prefix length; or dhcp, slaac or []."),
  gateway: inside.gateway,
  ...shared,
});

/** What a guest has in tagged VLANs. */
export const vlanAddresses = {
  vlanAddresses: optional(
    v.record(
      vlanKey,
      taggedNetwork,
      expects("wrong-type", 'must be an object such as { "100": { "addresses": ["10.0.100.5/24"] } }'),
    ),
    'Addresses in tagged VLANs of trunk, by ID or name: { "100": { "addresses": ["10.0.100.5/24"], "gateway": "10.0.100.1" } }. Default: none.',
  ),
};
