import type {
  Site,
  SiteAddressing,
  SiteBond,
  SiteBridge,
  SiteInterface,
  SiteNetwork,
  SiteTunnel,
  SiteVlan,
  SiteVxlan,
} from "../guest/site.ts";
import { guaranteed } from "../text/schema.ts";
import type { InterfaceAddress } from "../values/address-range.ts";
import { type IfName, parseIfName } from "../values/names.ts";
import { parseRange, type VidRange } from "../values/vid.ts";
import type { WrittenHost } from "./schema.ts";

type Given<T> = NonNullable<T>;
type WrittenBridge = Given<Given<WrittenHost["bridges"]>[IfName]>;
type WrittenBond = Given<Given<WrittenHost["bonds"]>[IfName]>;
type WrittenInterface = Given<Given<WrittenHost["interfaces"]>[IfName]>;
type WrittenVlan = Given<Given<WrittenBridge["vlans"]>[string]>;
type WrittenVxlan = Given<WrittenBridge["vxlan"]>;
type WrittenAddressing = Given<Given<WrittenBridge["addresses"]>[string]>;
type Vlans = ReadonlyMap<string, VidRange>;

/** The entries of an object whose keys are names of interfaces. */
const named = <T, R>(
  record: Readonly<Record<string, T | undefined>> = {},
  to: (name: IfName, value: T) => R,
): readonly R[] =>
  Object.entries(record).flatMap(([key, value]) => {
    const name = parseIfName(key);
    return name === null || value === undefined ? [] : [to(name, value)];
  });

const toAddressing = ({ addresses = [], gateway, vrf }: WrittenAddressing): SiteAddressing => {
  const all = [addresses].flat();
  return {
    addresses: all.filter((one): one is InterfaceAddress => typeof one === "object"),
    gateways: [gateway ?? []].flat(),
    dhcp: all.includes("dhcp"),
    slaac: all.includes("slaac"),
    vrf: vrf ?? null,
  };
};

const toVlan = (written: WrittenVlan): SiteVlan => {
  const { prefixes = [], reserved = [], ...rest } = "id" in written ? written : { id: written };
  return { first: rest.id.first, last: rest.id.last, prefixes, reserved };
};

/** The VLAN that a key means: the rules have looked it up once. */
const toRange = (key: string, vlans: Vlans): VidRange =>
  guaranteed(parseRange(key) ?? vlans.get(key), `the VLAN ${key}`);

/** The name of the host's VLAN device: `br0.10`, as iproute2's examples and most distributions have it. */
export const vlanDeviceName = (bridge: string, vid: number): string => `${bridge}.${String(vid)}`;

const toNetworks = (
  bridge: IfName,
  addresses: WrittenBridge["addresses"],
  vlans: Vlans,
): readonly SiteNetwork[] =>
  Object.entries(addresses ?? {})
    .map(([written, network]) => {
      const vid = toRange(written, vlans).first;
      const device = guaranteed(parseIfName(vlanDeviceName(bridge, vid)), "the name of a VLAN device");
      return { ...toAddressing(network), vid, written, device };
    })
    .sort((one, other) => one.vid - other.vid);

/** The device of the only VXLAN of a host. */
export const VXLAN_DEVICE = guaranteed(parseIfName("vxlan0"), "the name of a VXLAN device");

const toVxlan = (written: WrittenVxlan, vlans: Vlans): SiteVxlan => {
  const { local, vnis, peers = [], evpn = false, port = 4789, device = VXLAN_DEVICE } = written;
  const tunnels = Object.entries(vnis).map(([key, vni]): SiteTunnel => {
    const { first, last } = toRange(key, vlans);
    return { first, last, vni: vni.first };
  });
  return {
    ...{ device, local, port },
    tunnels: tunnels.sort((one, other) => one.first - other.first),
    remote: evpn ? { kind: "evpn" } : { kind: "peers", peers },
  };
};

const toBridge = (name: IfName, written: WrittenBridge): SiteBridge => {
  const { uplinks = [], uplinkVlans = "static", native, mac = null, mtu = null } = written;
  const vlans = new Map(
    Object.entries(written.vlans ?? {}).map(([vlan, value]) => [vlan, toVlan(value)] as const),
  );
  return {
    ...{ name, uplinks, vlans, uplinkVlans, mac, mtu },
    native: native === undefined ? null : toRange(String(native), vlans).first,
    networks: toNetworks(name, written.addresses, vlans),
    vxlan: written.vxlan === undefined ? null : toVxlan(written.vxlan, vlans),
  };
};

const toBond = (name: IfName, written: WrittenBond): SiteBond => {
  const { ports, mode = "active-backup", miimon = 100, lacpRate = null, hashPolicy = null } = written;
  const { primary = null, minLinks = null, mac = null } = written;
  return { name, ports, mode, miimon, lacpRate, hashPolicy, primary, minLinks, mac };
};

const toInterface = (name: IfName, written: WrittenInterface): SiteInterface => ({
  ...{ name, mtu: written.mtu ?? null },
  ...toAddressing(written),
});

/** Fills in the defaults. */
export const toSite = ({ name, bonds, bridges, interfaces, routed }: WrittenHost): Site => ({
  name: name ?? null,
  bonds: named(bonds, toBond),
  bridges: new Map(named(bridges, (bridge, written) => [bridge, toBridge(bridge, written)] as const)),
  interfaces: named(interfaces, toInterface),
  routed: {
    forwarding: routed !== undefined,
    uplinks: routed?.uplinks ?? [],
    gateways: [routed?.gateway ?? []].flat(),
    prefixes: routed?.prefixes ?? [],
    reserved: routed?.reserved ?? [],
    vrfs: new Map(named(routed?.vrfs, (vrf, table) => [vrf, table] as const)),
  },
});
