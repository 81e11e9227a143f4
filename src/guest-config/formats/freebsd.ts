import { cidr } from "../../values/address-range.ts";
import { familyOf } from "../../values/address.ts";
import { good } from "../../values/result.ts";
import { nameByDriver, type NamedInterface } from "../bsd-names.ts";
import type { GuestFormat } from "../format.ts";
import { type DefaultRoute, firstRoutes, type GuestDevice } from "../guest-interface.ts";
import { resolvConf } from "../resolv-conf.ts";
import { lines, textFile } from "../text-file.ts";

interface Device {
  readonly name: string;
  readonly one: GuestDevice;
  /** Words for ifconfig that come with the first line. */
  readonly words: readonly string[];
}

// rc.conf(5): characters that a variable's name must not have are underscores.
const variable = (device: string): string => `ifconfig_${device.replaceAll(".", "_")}`;

/** The first address of each family has a line of its own, all others are aliases. */
const addressLines = ({ name, one, words }: Device): readonly string[] => {
  const ipv4 = one.addresses.filter(({ address }) => familyOf(address) === "ipv4");
  const ipv6 = one.addresses.filter(({ address }) => familyOf(address) === "ipv6");
  const first = {
    static: ipv4[0] === undefined ? "up" : `inet ${cidr(ipv4[0])}`,
    dhcp: "DHCP",
    slaac: "up",
    none: "up",
  }[one.source];
  const first6 = one.source === "slaac" ? "inet6 accept_rtadv" : ipv6[0] && `inet6 ${cidr(ipv6[0])}`;
  const aliases = [
    ...ipv4.slice(1).map((address) => `inet ${cidr(address)}`),
    ...ipv6.slice(1).map((address) => `inet6 ${cidr(address)}`),
  ];
  return [
    `${variable(name)}="${[first, ...words].join(" ")}"`,
    ...(first6 === undefined ? [] : [`${variable(name)}_ipv6="${first6}"`]),
    ...aliases.map((words6, index) => `${variable(name)}_alias${String(index)}="${words6}"`),
  ];
};

const isLinkLocal = (via: string): boolean => via.startsWith("fe80:");

interface StaticRoute {
  readonly ipv6: boolean;
  readonly name: string;
  readonly words: string;
}

/**
 * Routes in rc.conf's order: first the one to the next hop, if it is in no network, then the default route over it.
 * `defaultrouter` would be the same, but its place in that order depends on the version.
 */
const toRoutes = (device: string, { via, family, onLink }: DefaultRoute): readonly StaticRoute[] => {
  const ipv6 = family === "ipv6";
  const [host, next] = ipv6 ? ["router6", isLinkLocal(via) ? `${via}%${device}` : via] : ["router", via];
  const to = ipv6 ? `${via} -prefixlen 128` : `-host ${via}`;
  return [
    ...(onLink ? [{ ipv6, name: host, words: `${to} -interface ${device}` }] : []),
    { ipv6, name: ipv6 ? "any6" : "any", words: `default ${next}` },
  ];
};

const routeLines = (routes: readonly StaticRoute[], prefix: string): readonly string[] =>
  routes.length === 0
    ? []
    : [
        `${prefix}static_routes="${routes.map(({ name }) => name).join(" ")}"`,
        ...routes.map(({ name, words }) => `${prefix}route_${name}="${words}"`),
      ];

const toDevices = ({ device, one }: NamedInterface): readonly Device[] => [
  { name: device, one, words: one.mtu === null ? [] : [`mtu ${String(one.mtu)}`] },
  ...one.vlans.map((vlan) => ({ name: `${device}.${String(vlan.vid)}`, one: vlan, words: [] })),
];

const vlanLine = ({ device, one }: NamedInterface): readonly string[] =>
  one.vlans.length === 0 ? [] : [`vlans_${device}="${one.vlans.map(({ vid }) => String(vid)).join(" ")}"`];

/**
 * Lines for /etc/rc.conf of FreeBSD (rc.conf(5), ifconfig(8), route(8)), and /etc/resolv.conf.
 *
 * FreeBSD has one default route for each family: the later ones, which have a metric, are not written.
 */
export const freebsd: GuestFormat = (interfaces) => {
  const named = nameByDriver(interfaces, "vtnet", () => null);
  if (!named.ok) return named;
  const devices = named.value.flatMap(toDevices);
  const routes = devices.flatMap(({ name, one }) =>
    firstRoutes(one).flatMap((route) => toRoutes(name, route)),
  );
  const text = lines([
    ...named.value.flatMap(vlanLine),
    ...devices.flatMap(addressLines),
    ...routeLines(
      routes.filter(({ ipv6 }) => !ipv6),
      "",
    ),
    ...routeLines(
      routes.filter(({ ipv6 }) => ipv6),
      "ipv6_",
    ),
  ]);
  return good([textFile("rc.conf", text), ...resolvConf(interfaces)]);
};
