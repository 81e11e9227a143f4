import * as v from "valibot";
import { network } from "../../profile/schema/network.ts";
import { expects, read } from "../../text/schema.ts";
import { parseAddressRun } from "../../values/address-run.ts";

/** Whole networks. */
export const prefixes = v.array(network, expects("wrong-type", "must be a list of networks"));

const reservedRule = expects(
  "address",
  'must be an address, a network or a range, such as "192.0.2.1", "192.0.2.0/28" or "192.0.2.1-192.0.2.9"',
);

/** Addresses that no guest is given. */
export const reserved = v.array(
  read(parseAddressRun, /^[0-9A-Fa-f:.]+(\/[0-9]{1,3}|-[0-9A-Fa-f:.]+)?$/, reservedRule),
  expects("wrong-type", "must be a list of addresses, networks and ranges"),
);
