import { type Address, familyOf, parseAddress, toInteger } from "../../values/address.ts";
import type { Fact } from "../facts/fact.ts";
import type { Mac } from "../../values/mac.ts";
import type { IfName } from "../../values/names.ts";
import { GUARD_GROUP, type GuardSet, guardRulesFact, type PortGuard } from "../nft/port-guard.ts";

/** The link-local address that a guest makes of its MAC address (RFC 4291, appendix A). */
const linkLocalOf = (mac: Mac): readonly Address[] => {
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = mac.split(":").map((byte) => parseInt(byte, 16));
  const words = [(a ^ 2) * 256 + b, c * 256 + 0xff, 0xfe00 + d, e * 256 + f];
  return [parseAddress(`fe80::${words.map((word) => word.toString(16)).join(":")}`) ?? []].flat();
};

/**
 * The port's guest speaks from these addresses alone, in ARP and neighbour discovery as well, whatever VLAN it is in. Its link-local
 * address is the one of its MAC address; another has to be among its addresses.
 */
export const desiredGuard = (port: IfName, mac: Mac, { addresses, services }: PortGuard): readonly Fact[] => {
  const inSet = (set: GuardSet, element = ""): Fact => ({ kind: "guard", port, set, element });
  const ipv4 = addresses.filter((address) => familyOf(address) === "ipv4");
  const ipv6 = addresses.filter((address) => familyOf(address) === "ipv6");
  const own = [...new Set([...ipv6, ...linkLocalOf(mac)])];
  return [
    guardRulesFact,
    { kind: "port-group", port, group: GUARD_GROUP },
    ...(services.includes("router") ? [inSet("routers")] : []),
    ...(services.includes("dhcp") ? [inSet("dhcp-servers")] : []),
    ...ipv4.flatMap((address) => [
      inSet("arp-senders", `${mac} . ${address}`),
      inSet("ipv4-sources", address),
    ]),
    ...own.flatMap((address) => [inSet("ipv6-sources", address), inSet("nd-targets", toInteger(address))]),
  ];
};
