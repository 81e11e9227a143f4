import { cidr } from "../../values/address-range.ts";
import { rangeTexts } from "../../values/vid.ts";
import { ipOf, routeWords } from "../commands.ts";
import { commonFiles } from "../common-files.ts";
import { type NetworkFile, plainFile, renderIni, renderLines } from "../host-file.ts";
import {
  type HostAddressing,
  type BondLink,
  type HostLink,
  type HostNetwork,
  portsOf,
} from "../host-network.ts";
import { vxlanUnit } from "../vxlan-unit.ts";

// ifupdown-addons-interfaces(5)

/** All ports that the file does not name stay on the bridge: without it, each ifreload takes taps off and down. */
const CONDONED = "^.*$";

const bondLines = (link: BondLink, network: HostNetwork): readonly string[] => {
  const { name, mode, miimon, lacpRate, hashPolicy, primary, minLinks } = link;
  const ports = portsOf(network, name).map((port) => port.name);
  return [
    `bond-slaves ${ports.join(" ")}`,
    `bond-mode ${mode}`,
    `bond-miimon ${String(miimon)}`,
    ...(lacpRate === null ? [] : [`bond-lacp-rate ${lacpRate === "fast" ? "1" : "0"}`]),
    ...(hashPolicy === null ? [] : [`bond-xmit-hash-policy ${hashPolicy}`]),
    ...(primary === null ? [] : [`bond-primary ${primary}`]),
    ...(minLinks === null ? [] : [`bond-min-links ${String(minLinks)}`]),
  ];
};

/** The bridge's default PVID has no key (ifupdown2#243), and adding `br0.10` puts VLAN 10 on the bridge's own port. */
const bridgeLines = (name: HostLink["name"], network: HostNetwork): readonly string[] => {
  const ports = portsOf(network, name).flatMap((port) => (port.kind === "vxlan" ? [] : [port.name]));
  return [
    `bridge-ports ${ports.length === 0 ? "none" : ports.join(" ")}`,
    "bridge-vlan-aware yes",
    "bridge-stp off",
    "bridge-fd 0",
    `bridge-ports-condone-regex ${CONDONED}`,
    `post-up ip link set dev ${name} type bridge vlan_default_pvid 0`,
  ];
};

const kindLines = (link: HostLink, network: HostNetwork): readonly string[] => {
  switch (link.kind) {
    case "bond":
      return bondLines(link, network);
    case "bridge":
      return bridgeLines(link.name, network);
    case "vlan":
      return [`vlan-raw-device ${link.parent}`, `vlan-id ${String(link.vid)}`];
    case "vrf":
      return [`vrf-table ${String(link.table)}`];
    case "physical":
    case "vxlan":
      return [];
  }
};

const masterLines = ({ master }: HostLink): readonly string[] => {
  if (master?.kind === "vrf") return [`vrf ${master.name}`];
  if (master?.kind !== "bridge") return [];
  const { tagged, native } = master.vlans;
  const vids = [...(native === null ? [] : [String(native)]), ...rangeTexts(tagged)];
  return [
    ...(vids.length === 0 ? [] : [`bridge-vids ${vids.join(" ")}`]),
    ...(native === null ? ["bridge-allow-untagged no"] : [`bridge-pvid ${String(native)}`]),
  ];
};

const addressLines = (link: HostLink, { addresses, gateways, slaac }: HostAddressing): readonly string[] => {
  const vrf = link.master?.kind === "vrf" ? ` vrf ${link.master.name}` : "";
  return [
    ...addresses.map((address) => `address ${cidr(address)}`),
    // Not "gateway": it takes no link-local address and no other network's, and one of each family.
    ...gateways.map(
      (gateway) => `post-up ${ipOf(gateway.via)} route replace ${routeWords(gateway, link.name)}${vrf}`,
    ),
    `post-up sysctl -qw net/ipv6/conf/${link.name}/accept_ra=${slaac ? "2" : "0"} || true`,
  ];
};

const stanza = (link: HostLink, network: HostNetwork): readonly string[] => {
  if (link.kind === "vxlan") return [];
  const { name, mac, mtu, addressing } = link;
  const lines = [
    ...(mac === null ? [] : [`hwaddress ${mac}`]),
    ...(mtu === null ? [] : [`mtu ${String(mtu)}`]),
    ...kindLines(link, network),
    ...masterLines(link),
    ...(addressing === null ? [] : addressLines(link, addressing)),
  ];
  return [
    "",
    `auto ${name}`,
    `iface ${name}${addressing?.dhcp === true ? " inet dhcp" : ""}`,
    ...lines.map((line) => `    ${line}`),
  ];
};

/**
 * ifupdown2 3.0.0 of Debian 12 and 13 orders its networking.service before no target, so that a daemon that waits for the network does not
 * wait for it, and guests start before their bridge is there.
 */
const ORDER: NetworkFile = plainFile(
  "etc/systemd/system/networking.service.d/50-guestnet.conf",
  renderIni(["Unit", ["After=network-pre.target", "Before=network.target network-online.target"]]),
);

/** A file for ifupdown2, beside the `/etc/network/interfaces` that reads its directory. */
export const renderIfupdown2 = (network: HostNetwork): readonly NetworkFile[] => [
  plainFile(
    "etc/network/interfaces.d/guestnet",
    renderLines(...network.links.flatMap((link) => stanza(link, network))),
  ),
  ...vxlanUnit(network),
  ORDER,
  ...commonFiles(network, "ifupdown2"),
];
