import ipaddr from "ipaddr.js";
import { type Address, type Family, familyOf } from "../values/address.ts";
import { type InterfaceAddress, rangeOf } from "../values/address-range.ts";
import type { Mac } from "../values/mac.ts";
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

/** An interface as the guest configures it: found by its MAC address, and named `eth0` by the number of the NIC. */
export interface GuestInterface {
  readonly name: string;
  readonly mac: Mac;
  readonly mtu: number | null;
  readonly addresses: readonly InterfaceAddress[];
  readonly routes: readonly DefaultRoute[];
  /** Of the first interface with a gateway, for there is one resolver only. */
  readonly dns: CloudInit["dns"] | null;
}

export const cidr = ({ address, length }: InterfaceAddress): string => `${address}/${String(length)}`;

const contains = (network: InterfaceAddress, address: Address): boolean =>
  familyOf(network.address) === familyOf(address) &&
  ipaddr.parse(address).match(ipaddr.parse(network.address), network.length);

const isOnLink = (via: Address, addresses: readonly InterfaceAddress[]): boolean =>
  !(familyOf(via) === "ipv6" && rangeOf(via) === "linkLocal") &&
  !addresses.some((network) => contains(network, via));

const configured = ({ inside }: ProfileNic): boolean => inside.addresses.length > 0;

/** Returns the interfaces that have addresses. The others are not configured: they stay as the guest has them. */
export const toGuestInterfaces = (profile: Profile): readonly GuestInterface[] => {
  const { interfaces, cloudInit } = profile;
  const resolver =
    interfaces.find((nic) => configured(nic) && nic.inside.gateways.length > 0) ??
    interfaces.find(configured);
  const before = { ipv4: 0, ipv6: 0 };
  const toRoute = (via: Address, addresses: readonly InterfaceAddress[]): DefaultRoute => {
    const family = familyOf(via);
    const metric = before[family] === 0 ? null : 1024 + before[family];
    before[family] += 1;
    return { via, family, onLink: isOnLink(via, addresses), metric };
  };
  const hasDns = cloudInit.dns.servers.length + cloudInit.dns.search.length > 0;
  return interfaces.flatMap((nic, index): GuestInterface[] => {
    const { addresses, gateways } = nic.inside;
    if (!configured(nic)) return [];
    return [
      {
        name: `eth${String(index)}`,
        mac: nic.mac,
        mtu: isPassed(nic) ? null : nic.mtu,
        addresses,
        routes: gateways.map((via) => toRoute(via, addresses)),
        dns: nic === resolver && hasDns ? cloudInit.dns : null,
      },
    ];
  });
};
