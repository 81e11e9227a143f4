import ipaddr from "ipaddr.js";
import { familyOf } from "../../values/address.ts";
import { type InterfaceAddress, addressKind } from "../../values/address-range.ts";
import { good } from "../../values/result.ts";
import { nameByDriver, type NamedInterface } from "../bsd-names.ts";
import type { GuestFormat } from "../format.ts";
import { type DefaultRoute, firstRoutes, type GuestDevice } from "../guest-interface.ts";
import { resolvConf } from "../resolv-conf.ts";
import { lines, textFile, type TextFile } from "../text-file.ts";

const SOURCES = { static: [], dhcp: ["inet autoconf"], slaac: ["inet6 autoconf"], none: [] } as const;

/** The second address of a family is an alias. */
const addressLine = ({ address, length }: InterfaceAddress, before: readonly InterfaceAddress[]): string => {
  const family = familyOf(address);
  const alias = before.some((one) => familyOf(one.address) === family) ? "alias " : "";
  return family === "ipv6"
    ? `inet6 ${alias}${address} ${String(length)}`
    : `inet ${alias}${address} ${ipaddr.IPv4.subnetMaskFromPrefixLength(length).toString()}`;
};

const routeLines = (device: string, { via, family, onLink }: DefaultRoute): readonly string[] => {
  const inet = family === "ipv6" ? "-inet6" : "-inet";
  const next = family === "ipv6" && addressKind(via) === "linkLocal" ? `${via}%${device}` : via;
  return [
    ...(onLink ? [`!route -qn add ${inet} -host ${via} -llinfo -link -static -iface ${device}`] : []),
    `!route -qn add ${inet} default ${next}`,
  ];
};

const toFile = (device: string, one: GuestDevice, first: readonly string[]): TextFile =>
  textFile(
    `hostname.${device}`,
    lines([
      ...first,
      ...SOURCES[one.source],
      ...one.addresses.map((address, index) => addressLine(address, one.addresses.slice(0, index))),
      "up",
      ...firstRoutes(one).flatMap((route) => routeLines(device, route)),
    ]),
  );

const ofInterface = ({ device, one }: NamedInterface): TextFile =>
  toFile(device, one, one.mtu === null ? [] : [`mtu ${String(one.mtu)}`]);

/**
 * Files for /etc of OpenBSD 7.0 and later, one for each interface and VLAN (hostname.if(5), ifconfig(8), route(8)), and
 * resolv.conf. VLAN devices are called vlan0, vlan1 …: the same VLAN may be on two interfaces.
 * Only the first default route of each family is written.
 */
export const openbsd: GuestFormat = (interfaces) => {
  // A function's driver is unknown, but a file may be named by the MAC address instead.
  const named = nameByDriver(interfaces, "vio", ({ mac }) => mac);
  if (!named.ok) return named;
  const vlans = named.value
    .flatMap(({ device, one }) => one.vlans.map((vlan) => ({ device, vlan })))
    .map(({ device, vlan }, number) =>
      toFile(`vlan${String(number)}`, vlan, [`vnetid ${String(vlan.vid)} parent ${device}`]),
    );
  return good([...named.value.map(ofInterface), ...vlans, ...resolvConf(interfaces)]);
};
