import { cidr } from "../../values/address-range.ts";
import { type Family, familyOf } from "../../values/address.ts";
import { addLine, ipOf, portVlanLines, routeWords, selfVlanLines } from "../commands.ts";
import { commonFiles } from "../common-files.ts";
import { type NetworkFile, plainFile, renderLines } from "../host-file.ts";
import { type HostAddressing, type HostLink, type HostNetwork, portsOf } from "../host-network.ts";
import { vxlanUnit } from "../vxlan-unit.ts";

// interfaces(5). Neither bridge-utils nor ifenslave has words for VLANs of ports: devices are made by iproute2.

const masterLines = ({ name, master }: HostLink): readonly string[] => {
  switch (master?.kind) {
    case "bond":
      return [`ip link set dev ${name} down`, `ip link set dev ${name} master ${master.name}`];
    case "bridge":
      return [
        `ip address flush dev ${name}`,
        `ip link set dev ${name} master ${master.name}`,
        ...portVlanLines(name, master.vlans),
      ];
    case "vrf":
      return [`ip link set dev ${name} master ${master.name}`];
    case undefined:
      return [];
  }
};

const settingLines = ({ name, mac, mtu }: HostLink): readonly string[] => {
  const words = [mac === null ? "" : ` address ${mac}`, mtu === null ? "" : ` mtu ${String(mtu)}`].join("");
  return words === "" ? [] : [`ip link set dev ${name}${words}`];
};

/** Lines that make a device and its ports, before it has addresses: a bond and a bridge with all below them, so that one `ifup` is enough. */
const makingLines = (link: HostLink, network: HostNetwork): readonly string[] => {
  const add = addLine(link);
  const ports =
    link.kind === "bond" || link.kind === "bridge"
      ? portsOf(network, link.name).filter(({ kind }) => kind !== "vxlan")
      : [];
  return [
    ...(add === null ? [] : [`ip link show dev ${link.name} >/dev/null 2>&1 || ${add}`]),
    ...settingLines(link),
    ...(link.kind === "bridge" ? selfVlanLines(link) : []),
    ...ports.flatMap((port) => [
      ...makingLines(port, network),
      ...masterLines(port),
      `ip link set dev ${port.name} up`,
    ]),
    ...(link.kind === "bond" && link.primary !== null
      ? [`ip link set dev ${link.name} type bond primary ${link.primary}`]
      : []),
    ...(link.master?.kind === "vrf" ? masterLines(link) : []),
  ];
};

const inFamily = (family: Family, { addresses, gateways, dhcp, slaac }: HostAddressing) => ({
  addresses: addresses.filter(({ address }) => familyOf(address) === family),
  gateways: gateways.filter(({ via }) => familyOf(via) === family),
  automatic: family === "ipv4" ? dhcp : slaac,
});

/** One stanza of a family. The kernel forms addresses from router advertisements itself, so IPv6 is static or manual to ifupdown. */
const familyStanza = (link: HostLink, family: Family, addressing: HostAddressing): readonly string[] => {
  const { addresses, gateways, automatic } = inFamily(family, addressing);
  const [first, ...others] = addresses;
  if (first === undefined && !automatic) return [];
  const inet = family === "ipv6" ? "inet6" : "inet";
  const vrf = link.master?.kind === "vrf" ? ` vrf ${link.master.name}` : "";
  const method = family === "ipv4" && automatic ? "dhcp" : first === undefined ? "auto" : "static";
  const rest = method === "dhcp" ? addresses : others;
  return [
    `iface ${link.name} ${inet} ${method}`,
    ...(method === "static" && first !== undefined ? [`    address ${cidr(first)}`] : []),
    ...(family === "ipv6" ? [`    accept_ra ${automatic ? "2" : "0"}`] : []),
    ...rest.map((address) => `    up ip address replace ${cidr(address)} dev ${link.name}`),
    ...gateways.map(
      (gateway) => `    up ${ipOf(gateway.via)} route replace ${routeWords(gateway, link.name)}${vrf}`,
    ),
  ];
};

const stanzas = (link: HostLink, network: HostNetwork): readonly string[] => {
  // Ports are made by what they are ports of.
  if (link.kind === "vxlan" || link.master?.kind === "bond" || link.master?.kind === "bridge") return [];
  const { name, addressing } = link;
  return [
    "",
    `auto ${name}`,
    `iface ${name} inet manual`,
    ...makingLines(link, network).map((line) => `    pre-up ${line}`),
    `    up ip link set dev ${name} up`,
    ...(link.kind === "physical" ? [] : [`    post-down ip link delete dev ${name}`]),
    ...(addressing === null
      ? []
      : [...familyStanza(link, "ipv4", addressing), ...familyStanza(link, "ipv6", addressing)]),
  ];
};

/** A file for Debian's ifupdown, beside the `/etc/network/interfaces` that reads its directory. */
export const renderIfupdown = (network: HostNetwork): readonly NetworkFile[] => [
  plainFile(
    "etc/network/interfaces.d/guestnet",
    renderLines(...network.links.flatMap((link) => stanzas(link, network))),
  ),
  ...vxlanUnit(network),
  ...commonFiles(network, "ifupdown"),
];
