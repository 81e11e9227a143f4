import * as v from "valibot";
import { hostLength, parseAddress, partsOf } from "../../values/address.ts";
import {
  isNetworksOwn,
  isUnroutable,
  addressKind,
  readPrefix,
  type InterfaceAddress,
} from "../../values/address-range.ts";
import { parseMac } from "../../values/mac.ts";
import { DEVICE, parseDevice, parseIfName, parseTapName } from "../../values/names.ts";
import { parsePciAddress } from "../../values/pci.ts";
import { HOST_TABLES } from "../../values/route-table.ts";
import { list, read, expects } from "../../text/schema.ts";

/** Characters of every address. Code decides which of these are addresses. */
export const ADDRESS = /^[0-9A-Fa-f:.]+$/;

export const mac = read(
  parseMac,
  /^(?!00(:00){5}$)[0-9A-Fa-f][02468ACEace](:[0-9A-Fa-f]{2}){5}$/,
  expects("mac", 'must be a unicast MAC address such as "52:54:00:12:34:56" (the first byte even)'),
);
export const ifName = read(
  parseIfName,
  // The kernel counts bytes; a pattern can count characters only.
  /^(?!\.{1,2}$)[^\s/:#"'\\\u0000-\u001f\u007f-\u009f]{1,15}$/,
  expects(
    "interface-name",
    "must be a network interface name: 1 to 15 characters without blanks, slashes, colons, quotes or #",
  ),
);
/** A device in an `<interface>`. */
export const libvirtDevice = read(
  parseDevice,
  DEVICE,
  expects(
    "interface-name",
    "must be a network interface name: 1 to 15 letters, digits, dots, dashes or underscores, except all and default",
  ),
);
export const tapName = read(
  parseTapName,
  /^(?!vnet|macvtap|macvlan|(?:lo|all|default)$)[a-z0-9][a-z0-9-]{0,14}$/,
  expects(
    "tap-name",
    "must be 1 to 15 of a–z, 0–9 and dashes, not lo, all or default, and not begin with vnet, macvtap or macvlan (reserved by libvirt)",
  ),
);

export const pciAddress = read(
  parsePciAddress,
  /^([0-9A-Fa-f]{4}:)?[0-9A-Fa-f]{2}:[01][0-9A-Fa-f]\.[0-7]$/,
  expects(
    "pci-address",
    'must be the PCI address of a function, such as "0000:07:10.0" (see readlink /sys/class/net/NAME/device)',
  ),
);

const WORDS: Readonly<Record<string, string>> = { linkLocal: "link-local", ipv4Mapped: "IPv4-mapped" };

/** Why an address that can be read is refused all the same. */
const because = (input: unknown): string => {
  if (typeof input !== "string") return "";
  if (input.includes("/")) return ` (a whole network belongs in "prefixes")`;
  const address = parseAddress(input);
  if (address !== null)
    return ` (${WORDS[addressKind(address)] ?? addressKind(address)} addresses cannot be routed to a guest)`;
  return /^\d+\.\d+\.\d+\.\d+$/.test(input) ? " (four numbers up to 255, without leading zeros)" : "";
};

/** A guest's own address. `/32` and `/128` are redundant and accepted. */
export const hostAddress = read(
  (text) => {
    const bare = text.includes(":") ? text.replace(/\/128$/, "") : text.replace(/\/32$/, "");
    const address = parseAddress(bare);
    return address === null || isUnroutable(address) ? null : address;
  },
  /^([0-9.]+(\/32)?|[0-9A-Fa-f:.]+(\/128)?)$/,
  expects("address", (input) => {
    const rule =
      "must be one unicast IPv4 or IPv6 address of the guest, without a prefix length or with /32 or /128";
    return `${rule}${because(input)}`;
  }),
);

const gatewayRule = expects(
  "gateway",
  'must be a unicast address without a prefix length, such as "fe80::1" or "169.254.0.1"',
);
const gatewayAddress = read(
  (text) => {
    const address = parseAddress(text);
    const good = address !== null && (!isUnroutable(address) || addressKind(address) === "linkLocal");
    return good ? address : null;
  },
  ADDRESS,
  gatewayRule,
);
/** One gateway, or one for each family. */
export const gateway = v.union([gatewayAddress, list(gatewayAddress)], gatewayRule);

/** A whole network. */
export const network = read(
  (text) => {
    const prefix = readPrefix(text);
    if (prefix.kind !== "prefix" || prefix.length === 0) return null;
    // ::/3 begins at the unspecified address and is still no network for a guest.
    return isUnroutable(partsOf(prefix.prefix).address) ? null : prefix.prefix;
  },
  /^[0-9A-Fa-f:.]+\/[0-9]{1,3}$/,
  expects("prefix", (input) => {
    const rule = 'must be a network such as "2001:db8:53::/64" or "198.51.100.0/28"';
    if (typeof input !== "string") return rule;
    const prefix = readPrefix(input);
    if (prefix.kind === "host-bits")
      return `${rule} with no bits set after the prefix length (${prefix.network})`;
    return prefix.kind === "prefix" ? `${rule}, not a default, multicast or link-local network` : rule;
  }),
);

const tableRule = expects(
  "count",
  "must be the number of a routing table from 1 to 4294967295, except 253 to 255 (reserved for the host)",
);
/** A routing table that is not one of the host's own. */
export const tableId = v.pipe(
  v.number(tableRule),
  v.integer(tableRule),
  v.minValue(1, tableRule),
  v.maxValue(4_294_967_295, tableRule),
  v.notValues(HOST_TABLES, tableRule),
);

/** Reads `10.0.20.5/24`. @returns null when there is no length, and for the network itself and its broadcast address */
export const readInterfaceAddress = (text: string): InterfaceAddress | null => {
  const [host = "", digits = ""] = text.split("/", 2);
  const address = parseAddress(host);
  const network = readPrefix(text);
  if (address === null || network.kind === "not-a-prefix" || isUnroutable(address)) return null;
  const length = Number(digits);
  // Two hosts of a /31 or /127 use all of it (RFC 3021, RFC 6164), and one of a /32 or /128 is all of it.
  const isNetwork = network.kind === "prefix" && length < hostLength(address) - 1;
  return isNetwork || isNetworksOwn(address, { address, length }) ? null : { address, length };
};

/** A unicast address without anything else. */
export const bareAddress = read(
  (text) => {
    const address = parseAddress(text);
    return address === null || isUnroutable(address) ? null : address;
  },
  ADDRESS,
  expects("address", 'must be a unicast address without a prefix length, such as "10.0.20.9"'),
);

/** An address that the guest has on a network that others are on, too. */
export const interfaceAddress = read(
  readInterfaceAddress,
  /^[0-9A-Fa-f:.]+\/[0-9]{1,3}$/,
  expects("address", (input) => {
    const rule = 'must be an address with prefix length, such as "10.0.20.5/24"';
    if (typeof input !== "string") return rule;
    if (readPrefix(input).kind !== "not-a-prefix") return `${rule}, not a network, broadcast or special address`;
    return parseAddress(input) === null ? rule : `${rule} (the prefix length is missing)`;
  }),
);
