import { cidr } from "../../values/address-range.ts";
import { stringify } from "yaml";
import { commonFiles } from "../common-files.ts";
import { type NetworkFile, plainFile, privateFile, renderIni } from "../host-file.ts";
import {
  type HostAddressing,
  type BondLink,
  type HostLink,
  type HostNetwork,
  linksOf,
  portsOf,
} from "../host-network.ts";
import { vxlanUnit } from "../vxlan-unit.ts";
import { BRIDGE_LINES, bridgeVlans, unmanagedFiles } from "./networkd.ts";

// netplan has no keys for VLANs of a bridge's ports (canonical/netplan#540): drop-ins complete the files that it writes for networkd.

const addressKeys = (addressing: HostAddressing | null): object => {
  if (addressing === null) return { "link-local": [], "accept-ra": false };
  const { addresses, gateways, dhcp, slaac } = addressing;
  return {
    ...(dhcp ? { dhcp4: true } : {}),
    "accept-ra": slaac,
    ...(addresses.length === 0 ? {} : { addresses: addresses.map(cidr) }),
    ...(gateways.length === 0
      ? {}
      : {
          routes: gateways.map(({ via, onLink }) => ({
            ...{ to: via.includes(":") ? "::/0" : "0.0.0.0/0", via },
            ...(onLink ? { "on-link": true } : {}),
          })),
        }),
  };
};

const bondKeys = ({ mode, miimon, lacpRate, hashPolicy, primary, minLinks }: BondLink): object => ({
  ...{ mode, "mii-monitor-interval": miimon },
  ...(lacpRate === null ? {} : { "lacp-rate": lacpRate }),
  ...(hashPolicy === null ? {} : { "transmit-hash-policy": hashPolicy }),
  ...(primary === null ? {} : { primary }),
  ...(minLinks === null ? {} : { "min-links": minLinks }),
});

const namesOf = (links: readonly HostLink[]): readonly string[] =>
  links.flatMap(({ kind, name }) => (kind === "vxlan" ? [] : [name]));

const kindKeys = (link: HostLink, network: HostNetwork): object => {
  const interfaces = namesOf(portsOf(network, link.name));
  switch (link.kind) {
    case "bond":
      return { interfaces, parameters: bondKeys(link) };
    case "bridge":
      return { interfaces, parameters: { stp: false } };
    case "vlan":
      return { id: link.vid, link: link.parent };
    case "vrf":
      return { table: link.table, interfaces };
    case "physical":
    case "vxlan":
      return {};
  }
};

/** A VRF has no addresses to say nothing of. */
const toDevice = (link: HostLink, network: HostNetwork): readonly [string, object] => [
  link.name,
  {
    ...kindKeys(link, network),
    ...(link.mac === null ? {} : { macaddress: link.mac }),
    ...(link.mtu === null ? {} : { mtu: link.mtu }),
    ...(link.kind === "vrf" ? {} : addressKeys(link.addressing)),
    // A boot does not wait for the carrier of a port.
    ...(link.addressing === null && link.kind === "physical" ? { optional: true } : {}),
  },
];

const KINDS = {
  ethernets: "physical",
  bonds: "bond",
  bridges: "bridge",
  vlans: "vlan",
  vrfs: "vrf",
} as const;

const yaml = (network: HostNetwork): string => {
  const devices = Object.entries(KINDS).flatMap(([key, kind]) => {
    const links = linksOf(network, kind);
    return links.length === 0
      ? []
      : [[key, Object.fromEntries(links.map((link) => toDevice(link, network)))] as const];
  });
  const value = { network: { version: 2, renderer: "networkd", ...Object.fromEntries(devices) } };
  return `# Written by genxml host from host.json.\n${stringify(value, { version: "1.1", lineWidth: 0, defaultStringType: "QUOTE_DOUBLE", defaultKeyType: "PLAIN" })}`;
};

const dropIns = (link: HostLink): readonly NetworkFile[] => {
  const name = `etc/systemd/network/10-netplan-${link.name}`;
  if (link.kind === "vxlan") return [];
  const online = link.kind === "bridge" ? [["Link", ["RequiredForOnline=no-carrier"]] as const] : [];
  const sections = [...online, ...bridgeVlans(link)];
  return [
    ...(link.kind === "bridge"
      ? [plainFile(`${name}.netdev.d/guestnet.conf`, renderIni(["Bridge", BRIDGE_LINES]))]
      : []),
    ...(sections.length === 0 ? [] : [plainFile(`${name}.network.d/guestnet.conf`, renderIni(...sections))]),
  ];
};

/** A file for netplan with the renderer networkd, and drop-ins for networkd. */
export const renderNetplan = (network: HostNetwork): readonly NetworkFile[] => [
  privateFile("etc/netplan/60-guestnet.yaml", yaml(network)),
  ...network.links.flatMap(dropIns),
  ...unmanagedFiles(network),
  ...vxlanUnit(network),
  ...commonFiles(network, "netplan"),
];
