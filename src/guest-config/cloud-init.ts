import { stringify } from "yaml";
import type { Profile } from "../guest/profile.ts";
import {
  cidr,
  type DefaultRoute,
  type GuestDevice,
  type GuestInterface,
  toGuestInterfaces,
} from "./guest-interface.ts";

// cloud-init reads YAML 1.1, where 52:54:00:12:34:56 without quotes is a number of base 60 and "no" is false.
const toYaml = (value: unknown): string =>
  stringify(value, {
    version: "1.1",
    lineWidth: 0,
    defaultStringType: "QUOTE_DOUBLE",
    defaultKeyType: "PLAIN",
  });

/**
 * A next hop that has to be called on link is a route of its own. Another one of IPv6 is `gateway6`, deprecated and yet the
 * only form that all of cloud-init's renderers understand: all but netplan's turn a route to `::/0` into one to `::/64`
 * (canonical/cloud-init #4600), and for fe80::1 in a route ifupdown's omits the device.
 */
const isGateway6 = ({ family, onLink, metric }: DefaultRoute): boolean =>
  family === "ipv6" && !onLink && metric === null;

// cloud-init before 22.3 does not accept the destination "default" (#3988).
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

const toDevice = ({ source, addresses, routes, dns }: GuestDevice): object => {
  const gateway6 = routes.find(isGateway6);
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

const toEthernet = (one: GuestInterface): readonly [string, object] => [
  one.name,
  {
    match: { macaddress: one.mac },
    // Renderers that cannot match, such as ifupdown's, write the name that this gives.
    "set-name": one.name,
    ...(one.mtu === null ? {} : { mtu: one.mtu }),
    ...toDevice(one),
  },
];

const toVlans = ({ name: link, vlans }: GuestInterface): readonly (readonly [string, object])[] =>
  vlans.map((one) => [one.name, { id: one.vid, link, ...toDevice(one) }]);

/** Identifies the guest: https://cloudinit.readthedocs.io/en/latest/reference/datasources/nocloud.html */
export const renderMetaData = ({ cloudInit }: Profile): string =>
  toYaml({ "instance-id": cloudInit.instanceId, "local-hostname": cloudInit.hostname });

/**
 * The interfaces, in version 2 (netplan's words).
 *
 * @returns null when the profile sets nothing of any: without the file cloud-init asks for DHCP, and an empty one would forbid it
 */
export const renderNetworkConfig = (profile: Profile): string | null => {
  const interfaces = toGuestInterfaces(profile);
  if (interfaces.length === 0) return null;
  const vlans = interfaces.flatMap(toVlans);
  return toYaml({
    version: 2,
    ethernets: Object.fromEntries(interfaces.map(toEthernet)),
    ...(vlans.length === 0 ? {} : { vlans: Object.fromEntries(vlans) }),
  });
};

/** cloud-init accepts a seed only with user-data in it, even if that is empty. */
export const NO_USER_DATA = "#cloud-config\n{}\n";

/** cloud-init detects the kind of user-data by its first line, and only logs and ignores an unknown one. */
const BEGINNINGS =
  /^(#cloud-config|#!|#include|#cloud-boothook|#part-handler|#upstart-job|## *template: *jinja|content-type:|mime-version:|from )/i;

/** Returns whether cloud-init accepts this: text with a known first line, or such a text in gzip. */
export const isUserData = (bytes: Uint8Array): boolean =>
  (bytes[0] === 0x1f && bytes[1] === 0x8b) ||
  BEGINNINGS.test(Buffer.from(bytes.subarray(0, 64)).toString("latin1"));
