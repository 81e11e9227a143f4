import { familyOf } from "../../values/address.ts";
import { cidr, type InterfaceAddress } from "../../values/address-range.ts";
import { addLine, ipOf, portVlanLines, routeWords, selfVlanLines } from "../commands.ts";
import { commonFiles, hasIpv6 } from "../common-files.ts";
import { deviceUnit } from "../device-unit.ts";
import { type NetworkFile, plainFile, renderIni, renderLines, scriptFile } from "../host-file.ts";
import { type HostAddressing, type HostLink, type HostNetwork, linksOf } from "../host-network.ts";
import { vxlanLines } from "../vxlan-unit.ts";

const SCRIPT = "usr/local/sbin/guestnet-host";

const FUNCTIONS = `PATH=/usr/sbin:/usr/bin:/sbin:/bin

# exists DEVICE
exists() { ip link show dev "$1" >/dev/null 2>&1; }

# is_port PORT MASTER
is_port() { ip -o link show master "$2" | grep -qF -e " $1:" -e " $1@"; }

# setting NAME VALUE: of the kernel
setting() { [ ! -e "/proc/sys/$1" ] || printf '%s\\n' "$2" >"/proc/sys/$1"; }

# dhcp DEVICE
dhcp() {
    if command -v dhcpcd >/dev/null; then
        dhcpcd -4 -q -b "$1"
    elif command -v dhclient >/dev/null; then
        [ -e "/run/dhclient.$1.pid" ] && kill -0 "$(cat "/run/dhclient.$1.pid")" 2>/dev/null ||
            dhclient -4 -nw -pf "/run/dhclient.$1.pid" -lf "/var/lib/dhcp/dhclient.$1.leases" "$1"
    else
        echo "no DHCP client for $1: install dhcpcd or isc-dhcp-client" >&2
    fi
}`;

/** A bond takes a port only while that is down, and a port of a bridge has no addresses. */
const masterLines = ({ name, master }: HostLink): readonly string[] => {
  switch (master?.kind) {
    case "bond":
      return [
        `is_port ${name} ${master.name} || { ip link set dev ${name} down; ip link set dev ${name} master ${master.name}; }`,
      ];
    case "bridge":
      return [
        `is_port ${name} ${master.name} || { ip address flush dev ${name}; ip link set dev ${name} master ${master.name}; }`,
        ...portVlanLines(name, master.vlans),
      ];
    case "vrf":
      return [`is_port ${name} ${master.name} || ip link set dev ${name} master ${master.name}`];
    case undefined:
      return [];
  }
};

/** Before the device is up: router advertisements come soon after that. */
const ipv6Lines = ({ kind, name, addressing }: HostLink): readonly string[] => {
  if (addressing !== null) return [`setting net/ipv6/conf/${name}/accept_ra ${addressing.slaac ? 2 : 0}`];
  return hasIpv6(kind) ? [] : [`setting net/ipv6/conf/${name}/disable_ipv6 1`];
};

/** What the device is to be, made by an earlier run or not. */
const ownLines = (link: HostLink): readonly string[] => {
  const { name, mac, mtu } = link;
  const add = addLine(link);
  const words = [mac === null ? "" : ` address ${mac}`, mtu === null ? "" : ` mtu ${String(mtu)}`].join("");
  return [
    ...(add === null ? [] : [`exists ${name} || ${add}`]),
    ...(words === "" ? [] : [`ip link set dev ${name}${words}`]),
    ...ipv6Lines(link),
    ...(link.kind === "bridge"
      ? [`ip link set dev ${name} type bridge vlan_filtering 1 vlan_default_pvid 0 stp_state 0`]
      : []),
  ];
};

/** The broadcast address that other programs set as well; a /31 and a /32 have none (RFC 3021). */
const broadcast = ({ address, length }: InterfaceAddress): string =>
  familyOf(address) === "ipv4" && length < 31 ? " brd +" : "";

const addressLines = (name: string, { addresses, gateways, dhcp }: HostAddressing): readonly string[] => [
  ...addresses.map((own) => `ip address replace ${cidr(own)}${broadcast(own)} dev ${name}`),
  ...(dhcp ? [`dhcp ${name}`] : []),
  ...gateways.map((gateway) => `${ipOf(gateway.via)} route replace ${routeWords(gateway, name)}`),
];

/** A route in a VRF's table: `ip route` takes the device of the table by `vrf`. */
const inTable = (line: string, { master }: HostLink): string =>
  master?.kind === "vrf" && line.includes(" route replace ") ? `${line} vrf ${master.name}` : line;

const section = (link: HostLink): readonly string[] => {
  if (link.kind === "vxlan") return ["", `# ${link.name}`, ...vxlanLines(link)];
  return [
    "",
    `# ${link.name}`,
    ...ownLines(link),
    ...masterLines(link),
    ...(link.kind === "bridge" ? selfVlanLines(link) : []),
    `ip link set dev ${link.name} up`,
    ...(link.addressing === null ? [] : addressLines(link.name, link.addressing)).map((line) =>
      inTable(line, link),
    ),
  ];
};

/** The primary port of a bond can be set once the bond has it. */
const primaryLines = (link: HostLink): readonly string[] =>
  link.kind === "bond" && link.primary !== null
    ? [`ip link set dev ${link.name} type bond primary ${link.primary}`]
    : [];

const script = (network: HostNetwork): string =>
  `#!/bin/sh\n${renderLines(
    "# Makes the network of this host with iproute2. It may run again, and removes nothing but old VNIs and peers of VXLAN.",
    "set -eu",
    FUNCTIONS,
    ...(network.forwarding
      ? ["", "setting net/ipv4/ip_forward 1", "setting net/ipv6/conf/all/forwarding 1"]
      : []),
    ...network.links.flatMap(section),
    ...network.links.flatMap(primaryLines),
  )}`;

/** Runs once the physical interfaces are there, and before guests start. */
const unit = (network: HostNetwork): string => {
  const devices = linksOf(network, "physical").map(({ name }) => deviceUnit(name));
  return renderIni(
    [
      "Unit",
      [
        "Description=Network of this host, by iproute2",
        ...devices.map((device) => `Wants=${device}`),
        `After=${["network-pre.target", ...devices].join(" ")}`,
        "Before=network.target network-online.target libvirtd.service virtqemud.service",
      ],
    ],
    ["Service", ["Type=oneshot", "RemainAfterExit=yes", `ExecStart=/${SCRIPT}`]],
    ["Install", ["WantedBy=multi-user.target"]],
  );
};

/** A script for iproute2, and the unit that runs it at boot. */
export const renderIproute2 = (network: HostNetwork): readonly NetworkFile[] => [
  scriptFile(SCRIPT, script(network)),
  plainFile("etc/systemd/system/guestnet-host.service", unit(network)),
  ...commonFiles(network, "iproute2"),
];
