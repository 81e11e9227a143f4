import { cidr } from "../../values/address-range.ts";
import { good } from "../../values/result.ts";
import type { GuestFormat } from "../format.ts";
import { type DefaultRoute, type GuestDevice, type GuestInterface, firstRoutes } from "../guest-interface.ts";
import { lines, textFile } from "../text-file.ts";

const SOURCES = {
  static: [],
  dhcp: ["address 'dhcp'"],
  slaac: ["ipv6 address autoconf"],
  none: [],
} as const;

/** The next hop of IPv4 has a route of its own over the interface; one of IPv6 names its interface. */
const routeLines = (device: string, { via, family, onLink }: DefaultRoute): readonly string[] => {
  const [route, any, length] = family === "ipv6" ? ["route6", "::/0", "128"] : ["route", "0.0.0.0/0", "32"];
  const protocol = `set protocols static ${route}`;
  const nextHop = `${protocol} ${any} next-hop '${via}'`;
  return [
    ...(onLink ? [`${protocol} ${via}/${length} interface '${device}'`] : []),
    ...(onLink || family === "ipv4" ? [nextHop] : [`${nextHop} interface '${device}'`]),
  ];
};

const deviceLines = (path: string, one: GuestDevice): readonly string[] => [
  ...SOURCES[one.source].map((line) => `${path} ${line}`),
  ...one.addresses.map((address) => `${path} address '${cidr(address)}'`),
];

const ofInterface = (one: GuestInterface): readonly string[] => {
  const path = `set interfaces ethernet ${one.name}`;
  return [
    `${path} hw-id '${one.mac}'`,
    ...(one.mtu === null ? [] : [`${path} mtu '${String(one.mtu)}'`]),
    ...deviceLines(path, one),
    ...one.vlans.flatMap((vlan) => {
      const vif = `${path} vif ${String(vlan.vid)}`;
      return [vif, ...deviceLines(vif, vlan)];
    }),
  ];
};

const systemLines = ({ dns }: GuestDevice): readonly string[] => [
  ...(dns?.servers ?? []).map((server) => `set system name-server '${server}'`),
  ...(dns?.search ?? []).map((domain) => `set system domain-search '${domain}'`),
];

/**
 * Commands of VyOS's configuration mode, version 1.4 and later
 * (https://docs.vyos.io/en/latest/configuration/interfaces/ethernet.html and …/protocols/static.html).
 *
 * A next hop has one interface there: a later default route of a family, which may have the same one, is not written.
 */
export const vyos: GuestFormat = (interfaces) => {
  const devices = interfaces.flatMap((one) => [one, ...one.vlans]);
  return good([
    textFile(
      "vyos.commands",
      lines([
        ...interfaces.flatMap(ofInterface),
        ...devices.flatMap((one) => firstRoutes(one).flatMap((route) => routeLines(one.name, route))),
        ...devices.flatMap(systemLines),
      ]),
    ),
  ]);
};
