import ipaddr from "ipaddr.js";
import { familyOf } from "../values/address.ts";
import { cidr, type InterfaceAddress } from "../values/address-range.ts";
import { never } from "../values/brand.ts";
import {
  type DefaultRoute,
  type GuestDevice,
  type GuestInterface,
  type GuestVlan,
} from "./guest-interface.ts";

/**
 * Routes are lines for iproute2 and not `gateway`: with that Debian's ifupdown adds "onlink", but busybox's does not. Both
 * run these, and a route to the next hop itself has the same effect in any `ip`.
 */
const routeLines = ({ via, family, onLink, metric }: DefaultRoute): readonly string[] => {
  const ip = family === "ipv6" ? "ip -6" : "ip";
  // Several routed NICs have the same next hop: its routes, too, differ in their metrics.
  const end = `dev $IFACE${metric === null ? "" : ` metric ${String(metric)}`}`;
  return [
    ...(onLink ? [`up ${ip} route add ${via} ${end}`] : []),
    `up ${ip} route add default via ${via} ${end}`,
  ];
};

/** busybox does not support `address 192.0.2.53/32`; Debian's ifupdown supports both forms. */
const addressLines = ({ address, length }: InterfaceAddress): readonly string[] => {
  const mask =
    familyOf(address) === "ipv6" ? String(length) : ipaddr.IPv4.subnetMaskFromPrefixLength(length).toString();
  return [`address ${address}`, `netmask ${mask}`];
};

/** Lines of a device's first stanza, whatever its family. */
const dnsLines = ({ dns }: GuestDevice): readonly string[] => [
  ...(dns === null || dns.servers.length === 0 ? [] : [`dns-nameservers ${dns.servers.join(" ")}`]),
  ...(dns === null || dns.search.length === 0 ? [] : [`dns-search ${dns.search.join(" ")}`]),
];

const staticStanzas = (one: GuestDevice, linkLines: readonly string[]): readonly string[] => {
  const families = new Set(one.addresses.map(({ address }) => familyOf(address)));
  return [...families].flatMap((family, index) => {
    const [first, ...others] = one.addresses.filter(({ address }) => familyOf(address) === family);
    const [inet, ip] = family === "ipv6" ? ["inet6", "ip -6"] : ["inet", "ip"];
    const lines = [
      ...(first === undefined ? [] : addressLines(first)),
      ...(index === 0 ? linkLines : []),
      ...others.map((address) => `up ${ip} address add ${cidr(address)} dev $IFACE`),
      ...one.routes.filter((route) => route.family === family).flatMap(routeLines),
    ];
    return [`iface ${one.name} ${inet} static`, ...lines.map((line) => `    ${line}`)];
  });
};

const acceptRa = (value: 0 | 1): string =>
  `pre-up echo ${String(value)} > /proc/sys/net/ipv6/conf/$IFACE/accept_ra || true`;

// busybox has no inet6 auto, and its manual does not set the link up.
const MANUAL = ["up ip link set dev $IFACE up", "down ip link set dev $IFACE down"];

const stanzas = (one: GuestDevice, linkLines: readonly string[]): readonly string[] => {
  const first = [...linkLines, ...dnsLines(one)];
  const inet = (method: string, lines: readonly string[]): readonly string[] => [
    `iface ${one.name} inet ${method}`,
    ...lines.map((line) => `    ${line}`),
  ];
  switch (one.source) {
    case "static":
      return staticStanzas(one, first);
    case "dhcp":
      return inet("dhcp", first);
    case "slaac":
      return inet("manual", [...first, acceptRa(1), ...MANUAL]);
    case "none":
      return inet("manual", [...first, acceptRa(0), ...MANUAL]);
    default:
      return never(one.source);
  }
};

const renderDevice = (comment: string, one: GuestDevice, linkLines: readonly string[]): string =>
  [`# ${comment}`, `auto ${one.name}`, ...stanzas(one, linkLines)].join("\n");

/** The VLAN device is made with iproute2: busybox makes none, and ifupdown only with Debian's package vlan. */
const renderVlan = ({ name: link }: GuestInterface, one: GuestVlan): string =>
  renderDevice(`VLAN ${String(one.vid)} on ${link}`, one, [
    `pre-up ip link show dev $IFACE >/dev/null 2>&1 || ip link add link ${link} name $IFACE type vlan id ${String(one.vid)}`,
  ]);

const render = (one: GuestInterface): readonly string[] => {
  const { mac, mtu, vlans } = one;
  // ifupdown's own "mtu" of inet6 is another one than the link's, and busybox has none.
  const link = mtu === null ? [] : [`pre-up ip link set dev $IFACE mtu ${String(mtu)}`];
  return [renderDevice(mac, one, link), ...vlans.map((vlan) => renderVlan(one, vlan))];
};

/** Returns /etc/network/interfaces (interfaces(5)), in the words that ifupdown, ifupdown-ng and busybox share. */
export const interfacesFile = (interfaces: readonly GuestInterface[]): string =>
  `${["auto lo\niface lo inet loopback", ...interfaces.flatMap(render)].join("\n\n")}\n`;
