import { familyOf, type Family } from "../../values/address.ts";
import { good } from "../../values/result.ts";
import type { GuestFormat } from "../format.ts";
import { type DefaultRoute, type GuestDevice, type GuestInterface } from "../guest-interface.ts";
import { textFile } from "../text-file.ts";

const HEAD = [
  "# Run as administrator. It can be run again: it replaces what it set.",
  '$ErrorActionPreference = "Stop"',
  "",
  "function Find-Nic($mac) {",
  "  $nic = Get-NetAdapter | Where-Object { $_.MacAddress -eq $mac -and -not $_.Virtual }",
  '  if (-not $nic) { throw "there is no NIC with the MAC address $mac" }',
  "  $nic",
  "}",
  "",
  "function Clear-Nic($index) {",
  "  Get-NetRoute -InterfaceIndex $index -ErrorAction SilentlyContinue |",
  '    Where-Object { $_.Protocol -eq "NetMgmt" } | Remove-NetRoute -Confirm:$false',
  "  Get-NetIPAddress -InterfaceIndex $index -ErrorAction SilentlyContinue |",
  '    Where-Object { $_.PrefixOrigin -eq "Manual" } | Remove-NetIPAddress -Confirm:$false',
  "}",
];

/** What each family of a device does: DHCP, router advertisements, or neither (Set-NetIPInterface). */
const SOURCES = {
  static: { ipv4: "-Dhcp Disabled", ipv6: "-Dhcp Disabled -RouterDiscovery Disabled" },
  dhcp: { ipv4: "-Dhcp Enabled", ipv6: "-Dhcp Enabled -RouterDiscovery Enabled" },
  slaac: { ipv4: "-Dhcp Disabled", ipv6: "-Dhcp Disabled -RouterDiscovery Enabled" },
  none: { ipv4: "-Dhcp Disabled", ipv6: "-Dhcp Disabled -RouterDiscovery Disabled" },
} as const;

const FAMILIES: readonly (readonly [Family, string])[] = [
  ["ipv4", "IPv4"],
  ["ipv6", "IPv6"],
];

/** An on-link route has an unspecified next hop (New-NetRoute). */
const routeLines = ({ via, family, onLink, metric }: DefaultRoute): readonly string[] => {
  const [any, unspecified, length] =
    family === "ipv6" ? ["::/0", "::", "128"] : ["0.0.0.0/0", "0.0.0.0", "32"];
  const route = (to: string, next: string): string =>
    `New-NetRoute -InterfaceIndex $index -DestinationPrefix "${to}" -NextHop "${next}"${metric === null ? "" : ` -RouteMetric ${String(metric)}`} | Out-Null`;
  return [...(onLink ? [route(`${via}/${length}`, unspecified)] : []), route(any, via)];
};

const dnsLines = ({ dns }: GuestDevice): readonly string[] => {
  const list = (all: readonly string[]): string => all.map((one) => `"${one}"`).join(", ");
  return [
    ...(dns === null || dns.servers.length === 0
      ? []
      : [`Set-DnsClientServerAddress -InterfaceIndex $index -ServerAddresses ${list(dns.servers)}`]),
    ...(dns === null || dns.search.length === 0
      ? []
      : [`Set-DnsClientGlobalSetting -SuffixSearchList @(${list(dns.search)})`]),
  ];
};

/** Lines for a device whose adapter is in $nic. */
const deviceLines = (one: GuestDevice, mtu: number | null): readonly string[] => [
  "$index = $nic.InterfaceIndex",
  "Clear-Nic $index",
  ...FAMILIES.map(
    ([family, word]) =>
      `Set-NetIPInterface -InterfaceIndex $index -AddressFamily ${word} ${SOURCES[one.source][family]}${mtu === null ? "" : ` -NlMtuBytes ${String(mtu)}`}`,
  ),
  ...one.addresses.map(
    ({ address, length }) =>
      `New-NetIPAddress -InterfaceIndex $index -AddressFamily ${familyOf(address) === "ipv6" ? "IPv6" : "IPv4"} -IPAddress "${address}" -PrefixLength ${String(length)} | Out-Null`,
  ),
  ...one.routes.flatMap(routeLines),
  ...dnsLines(one),
];

const named = (name: string): string =>
  `if ($nic.Name -ne "${name}") { Rename-NetAdapter -Name $nic.Name -NewName "${name}" }`;

/**
 * VLANs are NICs of a team (New-NetLbfoTeam, Add-NetLbfoTeamNic), which Windows Server has and Windows 10 and 11 have not. A NIC
 * in a team has no addresses itself: those of untagged frames are the team's.
 */
const teamLines = ({ name, vlans }: GuestInterface): readonly string[] => [
  "if (-not (Get-Command New-NetLbfoTeam -ErrorAction SilentlyContinue)) {",
  '  throw "this Windows has no VLAN devices: only Windows Server has teams"',
  "}",
  `if ($nic.Name -ne "${name}-port") { Rename-NetAdapter -Name $nic.Name -NewName "${name}-port" }`,
  `if (-not (Get-NetLbfoTeam -Name "${name}" -ErrorAction SilentlyContinue)) {`,
  `  New-NetLbfoTeam -Name "${name}" -TeamMembers "${name}-port" -TeamingMode SwitchIndependent -Confirm:$false | Out-Null`,
  "}",
  ...vlans.flatMap((vlan) => [
    `if (-not (Get-NetLbfoTeamNic -Team "${name}" -VlanID ${String(vlan.vid)} -ErrorAction SilentlyContinue)) {`,
    `  Add-NetLbfoTeamNic -Team "${name}" -VlanID ${String(vlan.vid)} -Name "${vlan.name}" -Confirm:$false | Out-Null`,
    "}",
  ]),
];

const ofInterface = (one: GuestInterface): readonly string[] => {
  const found = ["", `# ${one.name}`, `$nic = Find-Nic "${one.mac.toUpperCase().replaceAll(":", "-")}"`];
  if (one.vlans.length === 0) return [...found, named(one.name), ...deviceLines(one, one.mtu)];
  return [
    ...found,
    ...teamLines(one),
    ...[one, ...one.vlans].flatMap((device) => [
      `$nic = Get-NetAdapter -Name "${device.name}"`,
      ...deviceLines(device, one.mtu),
    ]),
  ];
};

/**
 * A PowerShell script for Windows 8 and later, with the modules NetTCPIP, NetAdapter, DnsClient and NetLbfo
 * (https://learn.microsoft.com/powershell/module/nettcpip/new-netroute and the pages beside it).
 */
export const windows: GuestFormat = (interfaces) =>
  good([textFile("network.ps1", [...HEAD, ...interfaces.flatMap(ofInterface), ""].join("\r\n"))]);

/** cloudbase-init runs user-data with this first line in the system's own PowerShell (its docs, "userdata"). */
export const toCloudbaseUserData = (script: string): string => `#ps1_sysnative\r\n${script}`;
