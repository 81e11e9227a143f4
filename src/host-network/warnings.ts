import type { Site } from "../guest/site.ts";
import { familyOf } from "../values/address.ts";
import { identityOf } from "./derive-mac.ts";
import type { HostFormat } from "./format-names.ts";

/** What a host.json can say, but hardly means. */
export interface Warning {
  readonly code: "mac" | "vlan-choice" | "vxlan";
  /** Where in host.json. */
  readonly path: readonly string[];
  readonly message: string;
}

/** These remove VLANs that their files do not have from ports that they manage. */
const REMOVING: readonly HostFormat[] = ["networkd", "netplan", "ifupdown2"];

/**
 * Returns warnings of a host's network, whichever program makes it: FRR's EVPN has IPv4 tunnel endpoints alone before its release 10.6
 * (FRR's release notes, "BGP IPv6 VTEP support"). The kernel has both.
 */
export const siteWarningsOf = (site: Site): readonly Warning[] =>
  [...site.bridges.values()].flatMap(({ name, vxlan }): readonly Warning[] =>
    vxlan?.remote.kind === "evpn" && familyOf(vxlan.local) === "ipv6"
      ? [
          {
            code: "vxlan",
            path: ["bridges", name, "vxlan", "local"],
            message: `EVPN with an IPv6 address requires FRR 10.6 or later, and Debian 13 has 10.3: use an IPv4 address, or "peers"`,
          },
        ]
      : [],
  );

/** Returns warnings of a host's network, as one program makes it. */
export const warningsOf = (site: Site, format: HostFormat): readonly Warning[] => [
  ...siteWarningsOf(site),
  ...formatWarningsOf(site, format),
];

const formatWarningsOf = (site: Site, format: HostFormat): readonly Warning[] =>
  [...site.bridges.values()].flatMap((bridge): readonly Warning[] => {
    const path = ["bridges", bridge.name];
    const isShared = bridge.mac === null && bridge.networks.length > 0 && identityOf(site) === null;
    return [
      ...(isShared
        ? [
            {
              code: "mac" as const,
              path,
              message: `the MAC address of ${bridge.name} is the same on each host with this file: set "name" or "mac"`,
            },
          ]
        : []),
      ...(bridge.uplinkVlans === "follow-guests" && bridge.uplinks.length > 0 && REMOVING.includes(format)
        ? [
            {
              code: "vlan-choice" as const,
              path: [...path, "uplinkVlans"],
              message: `a reload of ${format} removes the guests' VLANs from the uplinks: use "static"`,
            },
          ]
        : []),
    ];
  });
