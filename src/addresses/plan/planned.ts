import type { Address, Prefix } from "../../values/address.ts";
import type { Site } from "../../guest/site.ts";
import type { Vid } from "../../values/vid.ts";

/** What a network of the plan is for. */
export type NetworkPlace =
  | { readonly kind: "routed" }
  | { readonly kind: "vlan"; readonly bridge: string; readonly vid: Vid; readonly name: string };

/** A network that host.json names. */
export interface PlannedNetwork {
  readonly prefix: Prefix;
  readonly place: NetworkPlace;
}

/** An address that the host itself or a router has. */
export interface HostAddress {
  readonly address: Address;
  readonly kind: "host" | "gateway";
  /** The device that has it; null for a gateway. */
  readonly device: string | null;
}

/** What a host.json says about addresses. */
export interface PlannedSite {
  /** The host's name; null when the file gives none. */
  readonly host: string | null;
  /** In the order of the file, routed networks first. */
  readonly networks: readonly PlannedNetwork[];
  /** Addresses that no guest is given. */
  readonly reserved: readonly { readonly first: Address; readonly last: Address }[];
  readonly own: readonly HostAddress[];
}

/** Returns what a host.json says about addresses. */
export const plannedBy = ({ name, bridges, interfaces, routed }: Site): PlannedSite => {
  const vlans = [...bridges.values()].flatMap((bridge) =>
    [...bridge.vlans].map(([vlan, described]) => ({ bridge: bridge.name, vlan, ...described })),
  );
  const addressed = [
    ...[...bridges.values()].flatMap(({ networks }) => networks),
    ...interfaces.map((one) => ({ ...one, device: one.name })),
  ];
  const gateway = (address: Address): HostAddress => ({ address, kind: "gateway", device: null });
  return {
    host: name,
    networks: [
      ...routed.prefixes.map((prefix) => ({ prefix, place: { kind: "routed" as const } })),
      ...vlans.flatMap(({ bridge, vlan, first: vid, prefixes }) =>
        prefixes.map((prefix) => ({ prefix, place: { kind: "vlan" as const, bridge, vid, name: vlan } })),
      ),
    ],
    reserved: [...routed.reserved, ...vlans.flatMap(({ reserved }) => reserved)],
    own: [
      ...routed.gateways.map(gateway),
      ...addressed.flatMap(({ device, addresses, gateways }) => [
        ...addresses.map(({ address }): HostAddress => ({ address, kind: "host", device })),
        ...gateways.map(gateway),
      ]),
    ],
  };
};
