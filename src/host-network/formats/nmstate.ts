import { stringify } from "yaml";
import type { TrunkVlans } from "../../guest/port-vlans.ts";
import { type Family, familyOf } from "../../values/address.ts";
import { toRanges } from "../../values/vid.ts";
import { selfVlanLines } from "../commands.ts";
import { commonFiles } from "../common-files.ts";
import { type NetworkFile, plainFile, renderLines, scriptFile } from "../host-file.ts";
import {
  type HostAddressing,
  type BondLink,
  type HostLink,
  type HostNetwork,
  linksOf,
  portsOf,
} from "../host-network.ts";
import { vxlanUnit } from "../vxlan-unit.ts";
import { unmanagedFile } from "./networkmanager.ts";

// https://nmstate.io/devel/yaml_api.html

const familyKeys = (addressing: HostAddressing | null, family: Family): object => {
  if (addressing === null) return { enabled: false };
  const addresses = addressing.addresses.filter(({ address }) => familyOf(address) === family);
  const automatic = family === "ipv4" ? addressing.dhcp : addressing.slaac;
  if (family === "ipv4" && !automatic && addresses.length === 0) return { enabled: false };
  return {
    enabled: true,
    dhcp: family === "ipv4" && automatic,
    ...(family === "ipv6" ? { autoconf: automatic } : {}),
    ...(addresses.length === 0
      ? {}
      : { address: addresses.map(({ address, length }) => ({ ip: address, "prefix-length": length })) }),
  };
};

const bondKeys = (link: BondLink, network: HostNetwork): object => {
  const { mode, miimon, lacpRate, hashPolicy, primary, minLinks } = link;
  return {
    "link-aggregation": {
      mode,
      options: {
        miimon,
        ...(lacpRate === null ? {} : { lacp_rate: lacpRate }),
        ...(hashPolicy === null ? {} : { xmit_hash_policy: hashPolicy }),
        ...(primary === null ? {} : { primary }),
        ...(minLinks === null ? {} : { min_links: minLinks }),
      },
      port: portsOf(network, link.name).map(({ name }) => name),
    },
  };
};

/** A trunk; nmstate has no VLAN filtering on a bridge none of whose ports has this. */
const trunk = ({ tagged, native }: TrunkVlans): object => ({
  mode: "trunk",
  "trunk-tags": toRanges(tagged).map(({ first, last }) =>
    first === last ? { id: first } : { "id-range": { min: first, max: last } },
  ),
  ...(native === null ? {} : { tag: native, "enable-native": true }),
});

const portsOfBridge = (name: HostLink["name"], network: HostNetwork): readonly object[] =>
  portsOf(network, name).flatMap((port) =>
    port.kind === "vxlan" || port.master?.kind !== "bridge"
      ? []
      : [{ name: port.name, vlan: trunk(port.master.vlans) }],
  );

const kindKeys = (link: HostLink, network: HostNetwork): object => {
  switch (link.kind) {
    case "bond":
      return { type: "bond", ...bondKeys(link, network) };
    case "bridge":
      return {
        type: "linux-bridge",
        bridge: {
          options: { stp: { enabled: false }, "vlan-default-pvid": 0 },
          port: portsOfBridge(link.name, network),
        },
      };
    case "vlan":
      return { type: "vlan", vlan: { "base-iface": link.parent, id: link.vid } };
    case "vrf":
      return {
        type: "vrf",
        vrf: { "route-table-id": link.table, port: portsOf(network, link.name).map(({ name }) => name) },
      };
    case "physical":
      return { type: "ethernet" };
    case "vxlan":
      return {};
  }
};

const toInterface = (link: HostLink, network: HostNetwork): readonly object[] => {
  if (link.kind === "vxlan") return [];
  const { name, mac, mtu, addressing, kind } = link;
  return [
    {
      ...{ name, state: "up", ...kindKeys(link, network) },
      ...(mac === null ? {} : { "mac-address": mac }),
      ...(mtu === null ? {} : { mtu }),
      ...(kind === "vrf"
        ? {}
        : { ipv4: familyKeys(addressing, "ipv4"), ipv6: familyKeys(addressing, "ipv6") }),
    },
  ];
};

const routesOf = ({ name, addressing, master }: HostLink, network: HostNetwork): readonly object[] => {
  const vrf = linksOf(network, "vrf").find((one) => one.name === master?.name);
  return (addressing?.gateways ?? []).map(({ via }) => ({
    destination: familyOf(via) === "ipv6" ? "::/0" : "0.0.0.0/0",
    ...{ "next-hop-address": via, "next-hop-interface": name },
    ...(vrf === undefined ? {} : { "table-id": vrf.table }),
  }));
};

const state = (network: HostNetwork): string => {
  const routes = network.links.flatMap((link) => routesOf(link, network));
  const value = {
    interfaces: network.links.flatMap((link) => toInterface(link, network)),
    ...(routes.length === 0 ? {} : { routes: { config: routes } }),
  };
  return `# Written by genxml host from host.json.\n${stringify(value, { version: "1.1", lineWidth: 0, defaultStringType: "QUOTE_DOUBLE", defaultKeyType: "PLAIN" })}`;
};

/** NetworkManager runs it after each activation: nmstate has no words for the VLANs of a bridge's own port (nmstate#2769). */
const dispatcher = (network: HostNetwork): readonly NetworkFile[] => {
  const bridges = linksOf(network, "bridge");
  const cases = bridges.flatMap((bridge) => [
    `"${bridge.name} up")`,
    `    ip link set dev ${bridge.name} type bridge vlan_filtering 1 vlan_default_pvid 0`,
    ...selfVlanLines(bridge).map((line) => `    ${line}`),
    "    ;;",
  ]);
  const lines = ["PATH=/usr/sbin:/usr/bin:/sbin:/bin", 'case "$1 $2" in', ...cases, "esac"];
  return bridges.length === 0
    ? []
    : [scriptFile("etc/NetworkManager/dispatcher.d/40-guestnet-host", `#!/bin/sh\n${renderLines(...lines)}`)];
};

/** A state for nmstate, which `nmstate.service` applies at boot, and what NetworkManager needs beside it. */
export const renderNmstate = (network: HostNetwork): readonly NetworkFile[] => [
  plainFile("etc/nmstate/guestnet.yml", state(network)),
  ...dispatcher(network),
  unmanagedFile(network),
  ...vxlanUnit(network),
  ...commonFiles(network, "nmstate"),
];
