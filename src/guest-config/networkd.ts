import type { Profile } from "../guest/profile.ts";
import { cidr, type DefaultRoute, type GuestInterface, toGuestInterfaces } from "./guest-interface.ts";
import type { TextFile } from "./text-file.ts";

const section = (name: string, lines: readonly string[]): string =>
  lines.length === 0 ? "" : `[${name}]\n${lines.join("\n")}\n`;

const route = ({ via, onLink, metric }: DefaultRoute): string =>
  section("Route", [
    `Gateway=${via}`,
    ...(onLink ? ["GatewayOnLink=yes"] : []),
    ...(metric === null ? [] : [`Metric=${String(metric)}`]),
  ]);

const render = ({ mac, mtu, addresses, routes, dns }: GuestInterface): string =>
  [
    // Bridges and VLANs on top of it have its MAC address too, but not as their permanent one (systemd 245).
    section("Match", [`PermanentMACAddress=${mac}`]),
    section("Link", mtu === null ? [] : [`MTUBytes=${String(mtu)}`]),
    section("Network", [
      ...addresses.map((address) => `Address=${cidr(address)}`),
      ...(dns?.servers ?? []).map((server) => `DNS=${server}`),
      ...(dns === null || dns.search.length === 0 ? [] : [`Domains=${dns.search.join(" ")}`]),
    ]),
    ...routes.map(route),
  ]
    .filter((text) => text !== "")
    .join("\n");

/** One file for /etc/systemd/network for each interface with addresses (systemd.network(5)). */
export const renderNetworkd = (profile: Profile): readonly TextFile[] =>
  toGuestInterfaces(profile).map((one) => ({ name: `10-${one.name}.network`, text: render(one) }));
