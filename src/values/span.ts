import ipaddr from "ipaddr.js";
import { familyOf, type Prefix } from "./address.ts";

/** A network's first and last address, written so that text order is number order within and between the families. */
export interface Span {
  readonly first: string;
  readonly last: string;
}

const hex = (address: ipaddr.IPv4 | ipaddr.IPv6): string =>
  `${address.kind()} ${address
    .toByteArray()
    .map((byte) => byte.toString(16).padStart(2, "0"))
    .join("")}`;

/** What a network covers. */
export const spanOf = (prefix: Prefix): Span => {
  const IP = familyOf(prefix) === "ipv6" ? ipaddr.IPv6 : ipaddr.IPv4;
  return {
    first: hex(IP.networkAddressFromCIDR(prefix)),
    last: hex(IP.broadcastAddressFromCIDR(prefix)),
  };
};
