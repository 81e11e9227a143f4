import { hostLength, parseAddress } from "../../values/address.ts";
import { type InterfaceAddress, rangeOf, readPrefix, UNROUTABLE } from "../../values/address-range.ts";
import { read } from "../../text/leaf.ts";
import { say } from "../../text/say.ts";

/** Reads `10.0.20.5/24`. @returns null when there is no length, or when it is the network itself */
export const readInterfaceAddress = (text: string): InterfaceAddress | null => {
  const [host = "", digits = ""] = text.split("/", 2);
  const address = parseAddress(host);
  const network = readPrefix(text);
  if (address === null || network.kind === "not-a-prefix" || UNROUTABLE.has(rangeOf(address))) return null;
  const length = Number(digits);
  // Two hosts of a /31 or /127 use all of it (RFC 3021, RFC 6164), and one of a /32 or /128 is all of it.
  return network.kind === "prefix" && length < hostLength(address) - 1 ? null : { address, length };
};

/** An address that the guest has on a network that others are on, too. */
export const interfaceAddress = read(
  readInterfaceAddress,
  /^[0-9A-Fa-f:.]+\/[0-9]{1,3}$/,
  say("address", (input) => {
    const rule = 'must be an address of the guest with the length of its network, such as "10.0.20.5/24"';
    if (typeof input !== "string") return rule;
    const network = readPrefix(input);
    if (network.kind === "prefix") return `${rule}, not the network itself or a special address`;
    return parseAddress(input) === null ? rule : `${rule} (the length is missing)`;
  }),
);
