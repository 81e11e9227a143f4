import { cidr } from "../values/address-range.ts";
import { type DefaultRoute, type GuestDevice, type GuestInterface } from "./guest-interface.ts";

/** Returns the one route that a reader wants as `gateway6`, if it wants any. */
export type Gateway6 = (routes: readonly DefaultRoute[]) => DefaultRoute | undefined;

// cloud-init before 22.3 does not accept the destination "default" (#3988), nor does netplan before 0.103.
const toRoute = ({ via, family, onLink, metric }: DefaultRoute): object => ({
  to: family === "ipv6" ? "::/0" : "0.0.0.0/0",
  via,
  ...(onLink ? { "on-link": true } : {}),
  ...(metric === null ? {} : { metric }),
});

/** Where the addresses come from: without `dhcp4` there is no DHCP, and `accept-ra` is SLAAC. */
const SOURCES = {
  static: {},
  dhcp: { dhcp4: true },
  slaac: { dhcp4: false, "accept-ra": true },
  none: { dhcp4: false, "accept-ra": false },
} as const;

const toDevice = ({ source, addresses, routes, dns }: GuestDevice, gateway6Of: Gateway6): object => {
  const gateway6 = gateway6Of(routes);
  const others = routes.filter((route) => route !== gateway6).map(toRoute);
  const servers = dns === null || dns.servers.length === 0 ? {} : { addresses: dns.servers };
  const search = dns === null || dns.search.length === 0 ? {} : { search: dns.search };
  return {
    ...SOURCES[source],
    ...(addresses.length === 0 ? {} : { addresses: addresses.map(cidr) }),
    ...(gateway6 === undefined ? {} : { gateway6: gateway6.via }),
    ...(others.length === 0 ? {} : { routes: others }),
    ...(dns === null ? {} : { nameservers: { ...servers, ...search } }),
  };
};

/** Returns the devices in netplan's words, which version 2 of cloud-init's network configuration shares. */
export const toVersion2 = (interfaces: readonly GuestInterface[], gateway6Of: Gateway6): object => {
  const ethernets = interfaces.map((one): readonly [string, object] => [
    one.name,
    {
      match: { macaddress: one.mac },
      // Renderers that cannot match, such as cloud-init's for ifupdown, write the name that this gives.
      "set-name": one.name,
      ...(one.mtu === null ? {} : { mtu: one.mtu }),
      ...toDevice(one, gateway6Of),
    },
  ]);
  const vlans = interfaces.flatMap(({ name: link, vlans: own }) =>
    own.map((one): readonly [string, object] => [
      one.name,
      { id: one.vid, link, ...toDevice(one, gateway6Of) },
    ]),
  );
  return {
    version: 2,
    ethernets: Object.fromEntries(ethernets),
    ...(vlans.length === 0 ? {} : { vlans: Object.fromEntries(vlans) }),
  };
};
