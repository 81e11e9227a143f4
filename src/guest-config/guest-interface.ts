import ipaddr from "ipaddr.js";
import { type Addressing, type GuestNetwork, staticAddresses } from "../guest/guest-side.ts";
import { type Address, type Family, familyOf } from "../values/address.ts";
import { type InterfaceAddress, addressKind } from "../values/address-range.ts";
import type { Mac } from "../values/mac.ts";
import type { Vid } from "../values/vid.ts";
import { type CloudInit, isPassed, type Profile, type ProfileNic } from "../guest/profile.ts";

/** A default route of the guest's. */
export interface DefaultRoute {
  readonly via: Address;
  readonly family: Family;
  /** No address of the interface has the next hop in its network: it needs an explicit on-link route. */
  readonly onLink: boolean;
  /** The first one of a family has none, the others are in reserve: the kernel refuses a second one of equal metric. */
  readonly metric: number | null;
}

/** Where a device's addresses come from; with "none" it has only link-local ones. */
type Source = Exclude<Addressing["kind"], "unsaid">;

/** A network device as the guest configures it. */
export interface GuestDevice {
  readonly name: string;
  readonly source: Source;
  /** Empty unless the source is static, as are the routes. */
  readonly addresses: readonly InterfaceAddress[];
  readonly routes: readonly DefaultRoute[];
  /** Of the first device with a gateway, for there is one resolver only. */
  readonly dns: CloudInit["dns"] | null;
}

/** A VLAN device on top of an interface. */
export interface GuestVlan extends GuestDevice {
  readonly vid: Vid;
}

/** An interface: found by its MAC address, called `eth0` by the number of the NIC. */
export interface GuestInterface extends GuestDevice {
  readonly mac: Mac;
  /** The device that QEMU emulates; null for a function of a network card, which only its driver names. */
  readonly model: string | null;
  readonly mtu: number | null;
  readonly vlans: readonly GuestVlan[];
}

/** Returns a device's part of the first default routes, where a system takes only one of each family. */
export const firstRoutes = ({ routes }: GuestDevice): readonly DefaultRoute[] =>
  routes.filter(({ metric }) => metric === null);

const contains = (network: InterfaceAddress, address: Address): boolean =>
  familyOf(network.address) === familyOf(address) &&
  ipaddr.parse(address).match(ipaddr.parse(network.address), network.length);

const isOnLink = (via: Address, addresses: readonly InterfaceAddress[]): boolean =>
  !(familyOf(via) === "ipv6" && addressKind(via) === "linkLocal") &&
  !addresses.some((network) => contains(network, via));

const isSaid = ({ inside: { untagged, tagged } }: ProfileNic): boolean =>
  untagged.addressing.kind !== "unsaid" || tagged.length > 0;

/** Whether the port drops untagged frames: a trunk without a native VLAN. */
const isTaggedOnly = ({ attachment }: ProfileNic): boolean => {
  const vlans = attachment.kind === "ovs" ? attachment.vlans : attachment;
  return vlans?.kind === "trunk" && vlans.native === null;
};

const sourceOf = ({ addressing: { kind } }: GuestNetwork, nic: ProfileNic): Source => {
  if (kind !== "unsaid") return kind;
  return isTaggedOnly(nic) ? "none" : "dhcp";
};

const gatewaysOf = ({ addressing }: GuestNetwork): readonly Address[] =>
  addressing.kind === "static" ? addressing.gateways : [];

/** Returns the network whose device gets the DNS servers: the first with a gateway, then with addresses, then with DHCP or SLAAC. */
const resolverOf = (profile: Profile): GuestNetwork | undefined => {
  const networks = profile.interfaces.flatMap((nic) =>
    [nic.inside.untagged, ...nic.inside.tagged].map((network) => ({
      network,
      source: sourceOf(network, nic),
    })),
  );
  const found =
    networks.find(({ network }) => gatewaysOf(network).length > 0) ??
    networks.find(({ source }) => source === "static") ??
    networks.find(({ source }) => source !== "none");
  return found?.network;
};

/** Returns all interfaces; none where the profile sets nothing of any, so that the guest keeps its own defaults. */
export const toGuestInterfaces = (profile: Profile): readonly GuestInterface[] => {
  const { interfaces, cloudInit } = profile;
  if (!interfaces.some(isSaid)) return [];
  const resolver = resolverOf(profile);
  const hasDns = cloudInit.dns.servers.length + cloudInit.dns.search.length > 0;
  const before = { ipv4: 0, ipv6: 0 };
  const toRoute = (via: Address, addresses: readonly InterfaceAddress[]): DefaultRoute => {
    const family = familyOf(via);
    const metric = before[family] === 0 ? null : 1024 + before[family];
    before[family] += 1;
    return { via, family, onLink: isOnLink(via, addresses), metric };
  };
  const toDevice = (name: string, network: GuestNetwork, nic: ProfileNic): GuestDevice => {
    const addresses = staticAddresses(network);
    return {
      ...{ name, source: sourceOf(network, nic), addresses },
      routes: gatewaysOf(network).map((via) => toRoute(via, addresses)),
      dns: network === resolver && hasDns ? cloudInit.dns : null,
    };
  };
  return interfaces.map((nic, index): GuestInterface => {
    const { untagged, tagged } = nic.inside;
    const name = `eth${String(index)}`;
    return {
      ...toDevice(name, untagged, nic),
      mac: nic.mac,
      model: isPassed(nic) ? null : nic.model,
      mtu: isPassed(nic) ? null : nic.mtu,
      vlans: tagged.map((network) => ({
        ...toDevice(`${name}.${String(network.vid)}`, network, nic),
        vid: network.vid,
      })),
    };
  });
};
