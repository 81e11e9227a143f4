import { cidr } from "../../values/address-range.ts";
import { type Address, type Family, familyOf } from "../../values/address.ts";
import { rangeTexts } from "../../values/vid.ts";
import { commonFiles } from "../common-files.ts";
import { type NetworkFile, plainFile, privateFile, renderIni, type Section } from "../host-file.ts";
import {
  type HostAddressing,
  type BondLink,
  type HostLink,
  type HostNetwork,
  linksOf,
  portsOf,
} from "../host-network.ts";
import { vxlanUnit } from "../vxlan-unit.ts";

// nm-settings-keyfile(5)

const FOLDER = "etc/NetworkManager/system-connections";

const TYPES = { physical: "ethernet", bond: "bond", bridge: "bridge", vlan: "vlan", vrf: "vrf" } as const;

/** Connections are named after their devices, and a master brings its ports up. */
const connection = (link: HostLink, type: string, hasPorts: boolean): Section => [
  "connection",
  [
    `id=${link.name}`,
    `type=${type}`,
    `interface-name=${link.name}`,
    ...(link.master === null ? [] : [`master=${link.master.name}`, `slave-type=${link.master.kind}`]),
    ...(hasPorts ? ["autoconnect-slaves=1"] : []),
  ],
];

const bondLines = ({
  mode,
  miimon,
  lacpRate,
  hashPolicy,
  primary,
  minLinks,
}: BondLink): readonly string[] => [
  `mode=${mode}`,
  `miimon=${String(miimon)}`,
  ...(lacpRate === null ? [] : [`lacp_rate=${lacpRate}`]),
  ...(hashPolicy === null ? [] : [`xmit_hash_policy=${hashPolicy}`]),
  ...(primary === null ? [] : [`primary=${primary}`]),
  ...(minLinks === null ? [] : [`min_links=${String(minLinks)}`]),
];

const kindSections = (link: HostLink): readonly Section[] => {
  switch (link.kind) {
    case "bond":
      return [["bond", bondLines(link)]];
    case "bridge": {
      const vlans = rangeTexts(link.vlans);
      const lines = ["stp=false", "vlan-filtering=true", "vlan-default-pvid=0"];
      return [["bridge", [...lines, ...(vlans.length === 0 ? [] : [`vlans=${vlans.join(", ")}`])]]];
    }
    case "vlan":
      return [["vlan", [`parent=${link.parent}`, `id=${String(link.vid)}`]]];
    case "vrf":
      return [["vrf", [`table=${String(link.table)}`]]];
    case "physical":
    case "vxlan":
      return [];
  }
};

const portSections = ({ master }: HostLink): readonly Section[] => {
  if (master?.kind !== "bridge") return [];
  const { tagged, native } = master.vlans;
  const all = [...(native === null ? [] : [`${String(native)} pvid untagged`]), ...rangeTexts(tagged)];
  return all.length === 0 ? [] : [["bridge-port", [`vlans=${all.join(", ")}`]]];
};

const wanted = <T>(all: readonly T[], family: Family, address: (one: T) => Address): readonly T[] =>
  all.filter((one) => familyOf(address(one)) === family);

const familyLines = (addressing: HostAddressing, family: Family): readonly string[] => {
  const addresses = wanted(addressing.addresses, family, ({ address }) => address);
  const gateways = wanted(addressing.gateways, family, ({ via }) => via);
  const automatic = family === "ipv4" ? addressing.dhcp : addressing.slaac;
  const none = family === "ipv4" ? "disabled" : "link-local";
  return [
    `method=${automatic ? "auto" : addresses.length > 0 ? "manual" : none}`,
    ...addresses.map((address, index) => `address${String(index + 1)}=${cidr(address)}`),
    ...gateways.map(({ via }) => `gateway=${via}`),
  ];
};

/** A port has no settings of addresses: its master has. */
const addressSections = ({ addressing, master }: HostLink): readonly Section[] => {
  if (master?.kind === "bond" || master?.kind === "bridge") return [];
  if (addressing === null)
    return [
      ["ipv4", ["method=disabled"]],
      ["ipv6", ["method=disabled"]],
    ];
  return [
    ["ipv4", familyLines(addressing, "ipv4")],
    ["ipv6", familyLines(addressing, "ipv6")],
  ];
};

const keyfile = (link: HostLink, network: HostNetwork): readonly NetworkFile[] => {
  if (link.kind === "vxlan") return [];
  const ethernet = [
    ...(link.mac === null ? [] : [`cloned-mac-address=${link.mac}`]),
    ...(link.mtu === null ? [] : [`mtu=${String(link.mtu)}`]),
  ];
  return [
    privateFile(
      `${FOLDER}/${link.name}.nmconnection`,
      renderIni(
        connection(
          link,
          TYPES[link.kind],
          portsOf(network, link.name).some(({ kind }) => kind !== "vxlan"),
        ),
        ["ethernet", ethernet],
        ...kindSections(link),
        ...portSections(link),
        ...addressSections(link),
      ),
    ),
  ];
};

/** NetworkManager sets nothing on taps, nor on devices that a unit makes. It reads router advertisements itself. */
export const unmanagedFile = (network: HostNetwork): NetworkFile => {
  const devices = ["type:tun", ...linksOf(network, "vxlan").map(({ name }) => `interface-name:${name}`)];
  return plainFile(
    "etc/NetworkManager/conf.d/50-guestnet.conf",
    renderIni(["keyfile", [`unmanaged-devices+=${devices.join(";")}`]]),
  );
};

/** Keyfiles for NetworkManager. */
export const renderNetworkManager = (network: HostNetwork): readonly NetworkFile[] => [
  unmanagedFile(network),
  ...network.links.flatMap((link) => keyfile(link, network)),
  ...vxlanUnit(network),
  ...commonFiles(network, "networkmanager"),
];
