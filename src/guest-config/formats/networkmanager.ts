import { cidr } from "../../values/address-range.ts";
import { type Family, familyOf } from "../../values/address.ts";
import { good } from "../../values/result.ts";
import type { GuestFormat } from "../format.ts";
import {
  type DefaultRoute,
  type GuestDevice,
  type GuestInterface,
  type GuestVlan,
} from "../guest-interface.ts";
import { lines, privateFile, type TextFile } from "../text-file.ts";

type Section = readonly [name: string, lines: readonly string[]];

const ANY = { ipv4: "0.0.0.0/0", ipv6: "::/0" } as const;

/** A route of its own where `gateway` does not suffice: on link, or with a metric (nm-settings-keyfile(5)). */
const routeLines = ({ via, family, onLink, metric }: DefaultRoute, number: number): readonly string[] => [
  `route${String(number)}=${ANY[family]},${via}${metric === null ? "" : `,${String(metric)}`}`,
  ...(onLink ? [`route${String(number)}_options=onlink=true`] : []),
];

const isPlain = ({ onLink, metric }: DefaultRoute): boolean => !onLink && metric === null;

/** Where the addresses of a family come from; a static device has none of the family that the profile does not name. */
const methodOf = ({ source, addresses }: GuestDevice, family: Family): string => {
  const none = { ipv4: "disabled", ipv6: "link-local" }[family];
  if (addresses.some(({ address }) => familyOf(address) === family)) return "manual";
  return source === "dhcp" || (source === "slaac" && family === "ipv6") ? "auto" : none;
};

const familySection = (one: GuestDevice, family: Family): Section => {
  const routes = one.routes.filter((route) => route.family === family);
  const plain = routes.find(isPlain);
  const servers = (one.dns?.servers ?? []).filter((server) => familyOf(server) === family);
  const method = methodOf(one, family);
  const search = method === "disabled" ? [] : (one.dns?.search ?? []);
  return [
    family,
    [
      `method=${method}`,
      ...one.addresses
        .filter(({ address }) => familyOf(address) === family)
        .map((address, index) => `address${String(index + 1)}=${cidr(address)}`),
      ...(plain === undefined ? [] : [`gateway=${plain.via}`]),
      ...routes.filter((route) => route !== plain).flatMap((route, index) => routeLines(route, index + 1)),
      ...(servers.length === 0 ? [] : [`dns=${servers.join(";")};`]),
      ...(search.length === 0 ? [] : [`dns-search=${search.join(";")};`]),
    ],
  ];
};

const toFile = (one: GuestDevice, link: readonly Section[]): TextFile => {
  const sections = [...link, familySection(one, "ipv4"), familySection(one, "ipv6")];
  const text = sections.map(([name, content]) => lines([`[${name}]`, ...content])).join("\n");
  return privateFile(`${one.name}.nmconnection`, text);
};

const vlanFile = (parent: GuestInterface, one: GuestVlan): TextFile =>
  toFile(one, [
    ["connection", [`id=${one.name}`, "type=vlan", `interface-name=${one.name}`]],
    // Without `parent` the interface with this MAC address is meant (nm-settings-keyfile(5), vlan.parent).
    ["ethernet", [`mac-address=${parent.mac}`]],
    ["vlan", [`id=${String(one.vid)}`]],
  ]);

const toFiles = (one: GuestInterface): readonly TextFile[] => [
  toFile(one, [
    ["connection", [`id=${one.name}`, "type=ethernet"]],
    ["ethernet", [`mac-address=${one.mac}`, ...(one.mtu === null ? [] : [`mtu=${String(one.mtu)}`])]],
  ]),
  ...one.vlans.map((vlan) => vlanFile(one, vlan)),
];

/**
 * Keyfiles for /etc/NetworkManager/system-connections: one for each interface and VLAN (nm-settings-keyfile(5)).
 * NetworkManager ignores files that others can read.
 */
export const networkmanager: GuestFormat = (interfaces) => good(interfaces.flatMap(toFiles));
