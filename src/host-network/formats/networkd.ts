import { cidr } from "../../values/address-range.ts";
import type { TrunkVlans } from "../../guest/port-vlans.ts";
import { rangeTexts, type VidSet } from "../../values/vid.ts";
import { commonFiles } from "../common-files.ts";
import { type NetworkFile, plainFile, renderIni, type Section } from "../host-file.ts";
import {
  type HostAddressing,
  type BondLink,
  type HostLink,
  type HostNetwork,
  linksOf,
  type Master,
} from "../host-network.ts";
import { vxlanUnit } from "../vxlan-unit.ts";

// systemd.netdev(5), systemd.network(5)

const FOLDER = "etc/systemd/network";

const yes = (is: boolean): string => (is ? "yes" : "no");

const bondLines = ({ mode, miimon, lacpRate, hashPolicy, minLinks }: BondLink): readonly string[] => [
  `Mode=${mode}`,
  `MIIMonitorSec=${String(miimon)}ms`,
  ...(lacpRate === null ? [] : [`LACPTransmitRate=${lacpRate}`]),
  ...(hashPolicy === null ? [] : [`TransmitHashPolicy=${hashPolicy}`]),
  ...(minLinks === null ? [] : [`MinLinks=${String(minLinks)}`]),
];

/** Settings of a bridge that networkd has beside those of netplan. */
export const BRIDGE_LINES = ["VLANFiltering=yes", "DefaultPVID=none", "STP=no"];

const netdevSection = (link: HostLink): Section | null => {
  switch (link.kind) {
    case "bond":
      return ["Bond", bondLines(link)];
    case "bridge":
      return ["Bridge", BRIDGE_LINES];
    case "vlan":
      return ["VLAN", [`Id=${String(link.vid)}`]];
    case "vrf":
      return ["VRF", [`Table=${String(link.table)}`]];
    case "physical":
    case "vxlan":
      return null;
  }
};

const netdev = (link: HostLink): readonly NetworkFile[] => {
  const section = netdevSection(link);
  if (section === null) return [];
  const lines = [
    `Name=${link.name}`,
    `Kind=${link.kind}`,
    ...(link.mac === null ? [] : [`MACAddress=${link.mac}`]),
    ...(link.mtu === null ? [] : [`MTUBytes=${String(link.mtu)}`]),
  ];
  return [plainFile(`${FOLDER}/10-${link.name}.netdev`, renderIni(["NetDev", lines], section))];
};

const vlanSections = (vids: VidSet): readonly Section[] =>
  rangeTexts(vids).map((range): Section => ["BridgeVLAN", [`VLAN=${range}`]]);

/** VLANs of a bridge's port. */
export const portSections = ({ tagged, native }: TrunkVlans): readonly Section[] => [
  ...(native === null
    ? []
    : [["BridgeVLAN", [`PVID=${String(native)}`, `EgressUntagged=${String(native)}`]] as const]),
  ...vlanSections(tagged),
];

/** VLANs of a bridge's own port or of its uplinks. */
export const bridgeVlans = (link: HostLink): readonly Section[] => {
  if (link.kind === "bridge") return vlanSections(link.vlans);
  return link.master?.kind === "bridge" ? portSections(link.master.vlans) : [];
};

const masterLines = (master: Master | null): readonly string[] => {
  switch (master?.kind) {
    case "bond":
      return [`Bond=${master.name}`, ...(master.primary ? ["PrimarySlave=yes"] : [])];
    case "bridge":
      return [`Bridge=${master.name}`];
    case "vrf":
      return [`VRF=${master.name}`];
    case undefined:
      return [];
  }
};

/** networkd reads router advertisements itself, and only where it is told to, if the host forwards (systemd#27639). */
const addressLines = (addressing: HostAddressing | null): readonly string[] =>
  addressing === null
    ? ["LinkLocalAddressing=no", "IPv6AcceptRA=no"]
    : [
        ...(addressing.dhcp ? ["DHCP=ipv4"] : []),
        `IPv6AcceptRA=${yes(addressing.slaac)}`,
        ...addressing.addresses.map((address) => `Address=${cidr(address)}`),
      ];

const routeSections = (addressing: HostAddressing | null): readonly Section[] =>
  (addressing?.gateways ?? []).map(({ via, onLink }): Section => [
    "Route",
    [`Gateway=${via}`, ...(onLink ? ["GatewayOnLink=yes"] : [])],
  ]);

/** What systemd-networkd-wait-online waits for: addresses of the host, and that bridges exist, with or without a carrier. */
const onlineLines = ({ kind, master, addressing }: HostLink): readonly string[] => {
  if (kind === "bridge") return ["RequiredForOnline=no-carrier"];
  return addressing === null || master?.kind === "bond" || master?.kind === "bridge"
    ? ["RequiredForOnline=no"]
    : [];
};

const networkFile = (link: HostLink, network: HostNetwork): readonly NetworkFile[] => {
  if (link.kind === "vxlan") return [];
  const vlans = linksOf(network, "vlan").filter(({ parent }) => parent === link.name);
  const text = renderIni(
    ["Match", [`Name=${link.name}`]],
    ["Link", [...(link.mtu === null ? [] : [`MTUBytes=${String(link.mtu)}`]), ...onlineLines(link)]],
    [
      "Network",
      [
        ...masterLines(link.master),
        ...vlans.map(({ name }) => `VLAN=${name}`),
        ...addressLines(link.addressing),
        ...(link.kind === "bridge" || link.kind === "vrf" ? ["ConfigureWithoutCarrier=yes"] : []),
      ],
    ],
    ...bridgeVlans(link),
    ...routeSections(link.addressing),
  );
  return [plainFile(`${FOLDER}/20-${link.name}.network`, text)];
};

/**
 * networkd leaves taps alone, and devices that a unit makes. From 255 on it removes VLANs that it does not know from ports that it
 * manages (systemd#29987), and `Unmanaged=` alone prevents that. The files sort before all others.
 */
export const unmanagedFiles = (network: HostNetwork): readonly NetworkFile[] => [
  plainFile(`${FOLDER}/05-guestnet.network`, renderIni(["Match", ["Kind=tun"]], ["Link", ["Unmanaged=yes"]])),
  ...linksOf(network, "vxlan").map(({ name }) =>
    plainFile(
      `${FOLDER}/05-${name}.network`,
      renderIni(["Match", [`Name=${name}`]], ["Link", ["Unmanaged=yes"]]),
    ),
  ),
  plainFile(
    "etc/systemd/networkd.conf.d/guestnet.conf",
    renderIni(["Network", ["ManageForeignRoutes=no", "ManageForeignRoutingPolicyRules=no"]]),
  ),
];

/** Files for systemd-networkd. */
export const renderNetworkd = (network: HostNetwork): readonly NetworkFile[] => [
  ...unmanagedFiles(network),
  ...network.links.flatMap(netdev),
  ...network.links.flatMap((link) => networkFile(link, network)),
  ...vxlanUnit(network),
  ...commonFiles(network, "networkd"),
];
