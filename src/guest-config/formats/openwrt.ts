import { cidr } from "../../values/address-range.ts";
import { familyOf } from "../../values/address.ts";
import { good } from "../../values/result.ts";
import type { GuestFormat } from "../format.ts";
import { type DefaultRoute, type GuestDevice, type GuestInterface } from "../guest-interface.ts";
import { lines, textFile } from "../text-file.ts";

interface Entry {
  readonly type: string;
  /** Null for a section without a name. */
  readonly name: string | null;
  readonly options: readonly (readonly ["option" | "list", string, string])[];
}

/** odhcp6c runs for SLAAC as well; it then asks for neither an address nor a prefix. */
const PROTOCOLS = {
  static: [["option", "proto", "static"]],
  dhcp: [["option", "proto", "dhcp"]],
  slaac: [
    ["option", "proto", "dhcpv6"],
    ["option", "reqaddress", "none"],
    ["option", "reqprefix", "no"],
  ],
  none: [["option", "proto", "none"]],
} as const;

// A section's name has letters, digits and underscores only.
const sectionName = (device: string): string => device.replaceAll(".", "_");

const toInterface = ({ name, source, addresses, dns }: GuestDevice): Entry => ({
  type: "interface",
  name: sectionName(name),
  options: [
    ["option", "device", name],
    ...PROTOCOLS[source],
    ...addresses.map(
      (one) => ["list", familyOf(one.address) === "ipv6" ? "ip6addr" : "ipaddr", cidr(one)] as const,
    ),
    ...(dns?.servers ?? []).map((server) => ["list", "dns", server] as const),
    ...(dns?.search ?? []).map((domain) => ["list", "dns_search", domain] as const),
  ],
});

const toRoute = (device: string, { via, family, onLink, metric }: DefaultRoute): Entry => ({
  type: family === "ipv6" ? "route6" : "route",
  name: null,
  options: [
    ["option", "interface", sectionName(device)],
    ["option", "target", family === "ipv6" ? "::/0" : "0.0.0.0/0"],
    ["option", "gateway", via],
    ...(onLink ? [["option", "onlink", "1"] as const] : []),
    ...(metric === null ? [] : [["option", "metric", String(metric)] as const]),
  ],
});

const toEntries = (one: GuestDevice, link: readonly Entry[]): readonly Entry[] => [
  ...link,
  toInterface(one),
  ...one.routes.map((route) => toRoute(one.name, route)),
];

const ofInterface = (one: GuestInterface): readonly Entry[] => {
  const mtu: readonly Entry[] =
    one.mtu === null
      ? []
      : [
          {
            type: "device",
            name: null,
            options: [
              ["option", "name", one.name],
              ["option", "mtu", String(one.mtu)],
            ],
          },
        ];
  return [
    ...toEntries(one, mtu),
    ...one.vlans.flatMap((vlan) =>
      toEntries(vlan, [
        {
          type: "device",
          name: null,
          options: [
            ["option", "type", "8021q"],
            ["option", "name", vlan.name],
            ["option", "ifname", one.name],
            ["option", "vid", String(vlan.vid)],
          ],
        },
      ]),
    ),
  ];
};

const LOOPBACK: Entry = {
  type: "interface",
  name: "loopback",
  options: [
    ["option", "device", "lo"],
    ["option", "proto", "static"],
    ["list", "ipaddr", "127.0.0.1/8"],
  ],
};

const render = ({ type, name, options }: Entry): string =>
  lines([
    `config ${type}${name === null ? "" : ` '${name}'`}`,
    ...options.map(([kind, key, value]) => `\t${kind} ${key} '${value}'`),
  ]);

/**
 * /etc/config/network of OpenWrt, in UCI's syntax
 * (https://openwrt.org/docs/guide-user/network/network_configuration and …/routing/routes_configuration).
 *
 * OpenWrt uses the kernel's names: `eth0`, `eth1` … in the order of the profile.
 */
export const openwrt: GuestFormat = (interfaces) =>
  good([textFile("network", [LOOPBACK, ...interfaces.flatMap(ofInterface)].map(render).join("\n"))]);
