import ipaddr from "ipaddr.js";
import { familyOf } from "../values/address.ts";
import { type InterfaceAddress } from "../values/address-range.ts";
import type { Profile } from "../guest/profile.ts";
import { cidr, type DefaultRoute, type GuestInterface, toGuestInterfaces } from "./guest-interface.ts";
import type { TextFile } from "./text-file.ts";

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

/** Returns settings of the link, once for all its families: ifupdown's own "mtu" of inet6 differs, and busybox has none. */
const linkLines = ({ mtu, dns }: GuestInterface): readonly string[] => [
  ...(mtu === null ? [] : [`pre-up ip link set dev $IFACE mtu ${String(mtu)}`]),
  ...(dns === null || dns.servers.length === 0 ? [] : [`dns-nameservers ${dns.servers.join(" ")}`]),
  ...(dns === null || dns.search.length === 0 ? [] : [`dns-search ${dns.search.join(" ")}`]),
];

const render = (one: GuestInterface): string => {
  const families = new Set(one.addresses.map(({ address }) => familyOf(address)));
  const stanzas = [...families].flatMap((family, index) => {
    const [first, ...others] = one.addresses.filter(({ address }) => familyOf(address) === family);
    const [inet, ip] = family === "ipv6" ? ["inet6", "ip -6"] : ["inet", "ip"];
    const lines = [
      ...(first === undefined ? [] : addressLines(first)),
      ...(index === 0 ? linkLines(one) : []),
      ...others.map((address) => `up ${ip} address add ${cidr(address)} dev $IFACE`),
      ...one.routes.filter((route) => route.family === family).flatMap(routeLines),
    ];
    return [`iface ${one.name} ${inet} static`, ...lines.map((line) => `    ${line}`)];
  });
  return [`# ${one.mac}`, `auto ${one.name}`, ...stanzas].join("\n");
};

/** Gives the interface its name by its MAC address (systemd.link(5)); guests without udev use these names anyway. */
const link = ({ name, mac }: GuestInterface): TextFile => ({
  name: `10-${name}.link`,
  text: `[Match]\nPermanentMACAddress=${mac}\n\n[Link]\nName=${name}\n`,
});

/** /etc/network/interfaces (interfaces(5)), for ifupdown and busybox, and a .link file for udev for each interface. */
export const renderIfupdown = (profile: Profile): readonly TextFile[] => {
  const interfaces = toGuestInterfaces(profile);
  if (interfaces.length === 0) return [];
  const loopback = "auto lo\niface lo inet loopback";
  return [
    { name: "interfaces", text: `${[loopback, ...interfaces.map(render)].join("\n\n")}\n` },
    ...interfaces.map(link),
  ];
};
