import { type Address, familyOf, parseAddress } from "../../values/address.ts";
import { type NonEmpty, nonEmpty } from "../../values/brand.ts";
import { type PortAddress, type PortGuard, SERVICES, type Uplinks } from "../../guest/port-policy.ts";
import type { RoutedAttachment } from "../../guest/kinds/routed.ts";
import { type GuestNetwork, type GuestSide, staticAddresses } from "../../guest/guest-side.ts";
import type { PortVlans } from "../../guest/port-vlans.ts";
import type { GuestName, IfName } from "../../values/names.ts";
import type { EmulatedNic } from "../../guest/profile.ts";
import { MAIN, type RouteTable } from "../../values/route-table.ts";
import type { Site } from "../../guest/site.ts";
import { type Vid, vidSet } from "../../values/vid.ts";
import { deriveInterfaceId } from "./derive.ts";
import { guaranteed } from "../../text/schema.ts";
import type { WrittenInterface } from "../schema/interface.ts";
import { normalizeGuestSide, routedGuestSide } from "./guest-side.ts";
import { toCardVlan, toVids } from "./vlans.ts";

type WrittenOf<T> = Extract<WrittenInterface, { type: T }>;
type EmulatedType = Exclude<WrittenInterface["type"], "hostdev">;

/** Properties of the guest and the host that a NIC depends on. */
export interface NicContext {
  readonly name: GuestName;
  readonly vcpus: number;
  readonly index: number;
  readonly site: Site | null;
}

/** The gateways of routed NICs that name none. */
export const GATEWAYS = ["fe80::1", "169.254.0.1"].flatMap((text) => parseAddress(text) ?? []);

/** For each family of the guest's the gateways that were given, or else host.json's, or else the default. */
const gatewaysFor = (
  addresses: NonEmpty<Address>,
  given: readonly Address[],
  site: Site | null,
): readonly Address[] => {
  const gateways: Address[] = [];
  for (const family of new Set(addresses.map(familyOf))) {
    const isOfIt = (gateway: Address): boolean => familyOf(gateway) === family;
    const choices = [given, site?.routed.gateways ?? [], GATEWAYS];
    gateways.push(...(choices.find((choice) => choice.some(isOfIt)) ?? []).filter(isOfIt));
  }
  return gateways;
};

const toPortVlans = (nic: WrittenOf<"bridge" | "ovs">, site: Site | null): PortVlans => {
  const vids = (item: Parameters<typeof toVids>[0]) => toVids(item, nic.bridge, site);
  if (nic.trunk === undefined)
    return { kind: "access", vlan: guaranteed(vids(guaranteed(nic.vlan, "a VLAN"))[0], "a VLAN") };
  const native = nic.native === undefined ? null : (vids(nic.native)[0] ?? null);
  return { kind: "trunk", tagged: vidSet(nic.trunk.flatMap(vids)), native };
};

type WrittenBridge = WrittenOf<"bridge">;

const isKnown = ({ addressing: { kind } }: GuestNetwork): boolean => kind === "static" || kind === "none";

const toAddresses = (network: GuestNetwork, vid: Vid | null): readonly PortAddress[] => [
  ...[...new Set(staticAddresses(network).map(({ address }) => address))].map((address) => ({
    ...{ address, vid, sharedBy: [] },
  })),
  ...network.shared.map(({ address, guests }) => ({ address, vid, sharedBy: guests })),
];

/** A guest whose addresses are known, in all its networks, is held to them. */
const toGuard = (
  { antispoof = true, services = [], trunk, native }: WrittenBridge,
  { untagged, tagged }: GuestSide,
): PortGuard | null => {
  const isUntagged = trunk === undefined || native !== undefined;
  const all = isUntagged ? [untagged, ...tagged] : tagged;
  const addresses = [...toAddresses(untagged, null), ...tagged.flatMap((one) => toAddresses(one, one.vid))];
  if (!antispoof || !all.every(isKnown) || !all.some(({ addressing }) => addressing.kind === "static"))
    return null;
  return { addresses, services: SERVICES.filter((service) => services.includes(service)) };
};

const toUplinks = (bridge: IfName, site: Site | null): Uplinks | null => {
  const { uplinks: ports = [], uplinkVlans: mode = "static" } = site?.bridges.get(bridge) ?? {};
  return ports.length === 0 ? null : { ports, mode };
};

const toTable = ({ vrf, table }: WrittenOf<"routed">): RouteTable => {
  if (vrf !== undefined) return { kind: "vrf", vrf };
  return table === undefined ? MAIN : { kind: "table", id: table };
};

const toRouted = (nic: WrittenOf<"routed">, site: Site | null): RoutedAttachment => {
  const addresses = guaranteed(nonEmpty(nic.addresses), "addresses");
  return {
    kind: "routed",
    addresses,
    prefixes: nic.prefixes ?? [],
    gateways: gatewaysFor(addresses, [nic.gateway ?? []].flat(), site),
    antispoof: nic.antispoof ?? true,
    table: toTable(nic),
    metric: nic.metric ?? null,
    anycast: typeof nic.anycast === "object" ? nic.anycast.while : nic.anycast === true ? "runs" : null,
    reach: nic.reach ?? "any",
    proxyOn: [...new Set(nic.proxy ?? [])],
  };
};

const toBridgePort = (nic: WrittenBridge, inside: GuestSide, site: Site | null): Attached["attachment"] => {
  const { bridge, isolated = false, antispoof = true, macs = [] } = nic;
  if (nic.filtering === false) return { kind: "unfiltered", bridge, isolated };
  const policy = { isolated, antispoof, macs, guard: toGuard(nic, inside), uplinks: toUplinks(bridge, site) };
  return { ...toPortVlans(nic, site), bridge, policy };
};

/** An attachment, and what the guest configures behind it. */
type Attached = Pick<EmulatedNic, "attachment" | "inside">;

/** How each `type` of a profile is completed: a new kind of attachment is a line here. */
const TYPES: {
  readonly [T in EmulatedType]: (nic: WrittenOf<T>, context: NicContext) => Attached;
} = {
  bridge: (nic, { site }) => {
    const inside = normalizeGuestSide(nic, site);
    return { attachment: toBridgePort(nic, inside, site), inside };
  },
  routed: (nic, { site }) => {
    const attachment = toRouted(nic, site);
    return { attachment, inside: routedGuestSide(attachment) };
  },
  network: (nic, { site }) => ({
    attachment: {
      ...{ kind: "network", network: nic.network, portgroup: nic.portgroup ?? null },
      isolated: nic.isolated ?? false,
    },
    inside: normalizeGuestSide(nic, site),
  }),
  ovs: (nic, { name, index, site }) => ({
    attachment: {
      ...{ kind: "ovs", bridge: nic.bridge },
      vlans: nic.filtering === false ? null : toPortVlans(nic, site),
      interfaceId: deriveInterfaceId(name, index),
    },
    inside: normalizeGuestSide(nic, site),
  }),
  macvtap: (nic, { site }) => ({
    attachment: {
      ...{ kind: "macvtap", source: nic.source, mode: nic.mode ?? "bridge" },
      vlan: nic.vlan === undefined ? null : toCardVlan(nic.vlan, site),
    },
    inside: normalizeGuestSide(nic, site),
  }),
};

/** Returns the complete attachment of a NIC, and what the guest configures behind it. */
export const normalizeAttachment = (nic: WrittenOf<EmulatedType>, context: NicContext): Attached =>
  // Each type finds its own.
  (TYPES[nic.type] as (nic: WrittenOf<EmulatedType>, context: NicContext) => Attached)(nic, context);
