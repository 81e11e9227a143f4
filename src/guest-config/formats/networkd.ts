import { cidr } from "../../values/address-range.ts";
import { good } from "../../values/result.ts";
import type { GuestFormat } from "../format.ts";
import { type DefaultRoute, type GuestDevice, type GuestInterface } from "../guest-interface.ts";
import { textFile, type TextFile } from "../text-file.ts";

const section = (name: string, lines: readonly string[]): string =>
  lines.length === 0 ? "" : `[${name}]\n${lines.join("\n")}\n`;

const route = ({ via, onLink, metric }: DefaultRoute): string =>
  section("Route", [
    `Gateway=${via}`,
    ...(onLink ? ["GatewayOnLink=yes"] : []),
    ...(metric === null ? [] : [`Metric=${String(metric)}`]),
  ]);

/** Where the addresses come from (systemd.network(5)): a static device still takes part in SLAAC where a router offers it. */
const SOURCES = {
  static: [],
  dhcp: ["DHCP=ipv4"],
  slaac: ["IPv6AcceptRA=yes"],
  none: ["IPv6AcceptRA=no"],
} as const;

interface Match {
  readonly match: string;
  readonly mtu: number | null;
  /** Names of VLAN devices on top of it. */
  readonly vlans: readonly string[];
}

const render = ({ source, addresses, routes, dns }: GuestDevice, { match, mtu, vlans }: Match): string =>
  [
    section("Match", [match]),
    section("Link", mtu === null ? [] : [`MTUBytes=${String(mtu)}`]),
    section("Network", [
      ...SOURCES[source],
      ...vlans.map((vlan) => `VLAN=${vlan}`),
      ...addresses.map((address) => `Address=${cidr(address)}`),
      ...(dns?.servers ?? []).map((server) => `DNS=${server}`),
      ...(dns === null || dns.search.length === 0 ? [] : [`Domains=${dns.search.join(" ")}`]),
    ]),
    ...routes.map(route),
  ]
    .filter((text) => text !== "")
    .join("\n");

const toFiles = (one: GuestInterface): readonly TextFile[] => {
  const { name, mac, mtu, vlans } = one;
  // Bridges and VLANs on top of it have its MAC address too, but not as their permanent one (systemd 245).
  const match = `PermanentMACAddress=${mac}`;
  return [
    textFile(`10-${name}.network`, render(one, { match, mtu, vlans: vlans.map((vlan) => vlan.name) })),
    ...vlans.flatMap((vlan) => [
      textFile(
        `10-${vlan.name}.netdev`,
        [
          section("NetDev", [`Name=${vlan.name}`, "Kind=vlan"]),
          section("VLAN", [`Id=${String(vlan.vid)}`]),
        ].join("\n"),
      ),
      textFile(`10-${vlan.name}.network`, render(vlan, { match: `Name=${vlan.name}`, mtu: null, vlans: [] })),
    ]),
  ];
};

/** Files for /etc/systemd/network: one for each interface, two for each VLAN (systemd.network(5), systemd.netdev(5)). */
export const networkd: GuestFormat = (interfaces) => good(interfaces.flatMap(toFiles));
