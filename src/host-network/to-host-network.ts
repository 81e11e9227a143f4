import type { Site, SiteAddressing, SiteBond, SiteBridge } from "../guest/site.ts";
import type { TrunkVlans } from "../guest/port-vlans.ts";
import { type Address, familyOf } from "../values/address.ts";
import { type InterfaceAddress, isIn, addressKind } from "../values/address-range.ts";
import type { IfName } from "../values/names.ts";
import { expandRange, vidSet } from "../values/vid.ts";
import { bridgeMac } from "./derive-mac.ts";
import type {
  HostAddressing,
  BondLink,
  BridgeLink,
  HostLink,
  HostNetwork,
  Master,
  PhysicalLink,
  VlanLink,
  VrfLink,
  VxlanLink,
} from "./host-network.ts";

/** The MTU of a bridge that is given none. A bridge without one of its own follows its ports, taps included (`br_mtu_auto_adjust`). */
const ETHERNET_MTU = 1500;

const isOnLink = (via: Address, addresses: readonly InterfaceAddress[]): boolean =>
  !(familyOf(via) === "ipv6" && addressKind(via) === "linkLocal") && !addresses.some((own) => isIn(via, own));

const toAddressing = ({ addresses, gateways, dhcp, slaac }: SiteAddressing): HostAddressing => ({
  ...{ addresses, dhcp, slaac },
  gateways: gateways.map((via) => ({ via, onLink: isOnLink(via, addresses) })),
});

const inVrf = ({ vrf }: SiteAddressing): Master | null => (vrf === null ? null : { kind: "vrf", name: vrf });

/** VLANs of a bridge's uplinks: with "follow-guests" only the host's own, because the hook adds those of guests. */
const uplinkVlans = ({ uplinkVlans: mode, vlans, networks, native }: SiteBridge): TrunkVlans => {
  const named = mode === "static" ? [...vlans.values()].flatMap(expandRange) : [];
  const all = [...named, ...networks.map(({ vid }) => vid)];
  return { kind: "trunk", tagged: vidSet(all.filter((vid) => vid !== native)), native };
};

const toBond = (bond: SiteBond, rest: Pick<BondLink, "mtu" | "master" | "addressing">): BondLink => {
  const { name, mac, mode, miimon, lacpRate, hashPolicy, primary, minLinks } = bond;
  return { kind: "bond", name, mac, mode, miimon, lacpRate, hashPolicy, primary, minLinks, ...rest };
};

const toBridge = (bridge: SiteBridge, site: Site): BridgeLink => ({
  ...{ kind: "bridge", name: bridge.name, mac: bridgeMac(site, bridge), mtu: bridge.mtu ?? ETHERNET_MTU },
  ...{ master: null, addressing: null },
  vlans: vidSet(bridge.networks.map(({ vid }) => vid)),
});

const toVlans = ({ name, mtu, networks }: SiteBridge): readonly VlanLink[] =>
  networks.map((network) => ({
    ...{ kind: "vlan", name: network.device, parent: name, vid: network.vid, mac: null, mtu },
    ...{ master: inVrf(network), addressing: toAddressing(network) },
  }));

const toVxlan = ({ name, mtu, vxlan }: SiteBridge): readonly VxlanLink[] => {
  if (vxlan === null) return [];
  const { device, local, port, tunnels, remote } = vxlan;
  const tagged = vidSet(tunnels.flatMap(expandRange));
  return [
    {
      ...{ kind: "vxlan", name: device, mac: null, mtu: mtu ?? ETHERNET_MTU, addressing: null },
      master: { kind: "bridge", name, vlans: { kind: "trunk", tagged, native: null } },
      ...{ local, port, tunnels },
      peers: remote.kind === "peers" ? remote.peers : null,
    },
  ];
};

/** Returns the network of a host: all devices that its host.json names, and what each of them is. */
export const toHostNetwork = (site: Site): HostNetwork => {
  const bridges = [...site.bridges.values()];
  const masterOf = (name: IfName): Master | null => {
    const bridge = bridges.find(({ uplinks }) => uplinks.includes(name));
    if (bridge !== undefined) return { kind: "bridge", name: bridge.name, vlans: uplinkVlans(bridge) };
    const own = site.interfaces.find((one) => one.name === name);
    return own === undefined ? null : inVrf(own);
  };
  const settingsOf = (name: IfName) => {
    const bridge = bridges.find(({ uplinks }) => uplinks.includes(name));
    const own = site.interfaces.find((one) => one.name === name);
    return {
      master: masterOf(name),
      mtu: (bridge ?? own)?.mtu ?? null,
      addressing: own === undefined ? null : toAddressing(own),
    };
  };
  const bonds = site.bonds.map((bond) => toBond(bond, settingsOf(bond.name)));
  const ports = site.bonds.flatMap(({ name, ports: all, primary }) =>
    all.map((port): PhysicalLink => {
      const { mtu } = settingsOf(name);
      const master: Master = { kind: "bond", name, primary: port === primary };
      return { kind: "physical", name: port, mac: null, mtu, master, addressing: null };
    }),
  );
  const isBond = (name: IfName): boolean => site.bonds.some((bond) => bond.name === name);
  const others = [...bridges.flatMap(({ uplinks }) => uplinks), ...site.interfaces.map(({ name }) => name)];
  const vrfs = [...site.routed.vrfs].map(([name, table]): VrfLink => ({
    ...{ kind: "vrf", name, table, mac: null, mtu: null, master: null, addressing: null },
  }));
  const links: readonly HostLink[] = [
    ...vrfs,
    ...bridges.map((bridge) => toBridge(bridge, site)),
    ...bonds,
    ...ports,
    ...others
      .filter((name) => !isBond(name))
      .map((name): PhysicalLink => ({ kind: "physical", name, mac: null, ...settingsOf(name) })),
    ...bridges.flatMap(toVlans),
    ...bridges.flatMap(toVxlan),
  ];
  return { links, forwarding: site.routed.forwarding };
};
