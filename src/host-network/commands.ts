import { familyOf } from "../values/address.ts";
import { expandRange, rangeTexts, renderRange } from "../values/vid.ts";
import type { TrunkVlans } from "../guest/port-vlans.ts";
import type {
  BondLink,
  BridgeLink,
  Gateway,
  HostLink,
  VlanLink,
  VrfLink,
  VxlanLink,
} from "./host-network.ts";

// Lines for iproute2. Names of devices need no quotes: the schema of host.json accepts plain ones only.

const given = (words: Readonly<Record<string, string | number | null>>): string =>
  Object.entries(words)
    .flatMap(([key, value]) => (value === null ? [] : [` ${key} ${String(value)}`]))
    .join("");

const addBond = ({ name, mode, miimon, lacpRate, hashPolicy, minLinks }: BondLink): string =>
  `ip link add ${name} type bond${given({ mode, miimon, lacp_rate: lacpRate, xmit_hash_policy: hashPolicy, min_links: minLinks })}`;

const addBridge = ({ name, mac, mtu }: BridgeLink): string =>
  `ip link add ${name} address ${mac} mtu ${String(mtu)} type bridge vlan_filtering 1 vlan_default_pvid 0 stp_state 0`;

const addVlan = ({ name, parent, vid }: VlanLink): string =>
  `ip link add link ${parent} name ${name} type vlan id ${String(vid)}`;

const addVrf = ({ name, table }: VrfLink): string => `ip link add ${name} type vrf table ${String(table)}`;

/** `external` takes the VNI of each frame from the bridge, and `vnifilter` drops VNIs that are not listed (ip-link(8)). */
const addVxlan = ({ name, mtu, local, port }: VxlanLink): string =>
  `ip link add ${name} mtu ${String(mtu)} type vxlan dstport ${String(port)} local ${local} nolearning external vnifilter`;

/** Returns the line that makes a device; null for one that the host has anyway. */
export const addLine = (link: HostLink): string | null => {
  switch (link.kind) {
    case "bond":
      return addBond(link);
    case "bridge":
      return addBridge(link);
    case "vlan":
      return addVlan(link);
    case "vrf":
      return addVrf(link);
    case "vxlan":
      return addVxlan(link);
    case "physical":
      return null;
  }
};

/** VLANs of a port; adding one twice has no effect. */
export const portVlanLines = (port: string, { tagged, native }: TrunkVlans): readonly string[] => [
  ...(native === null ? [] : [`bridge vlan add dev ${port} vid ${String(native)} pvid untagged`]),
  ...rangeTexts(tagged).map((range) => `bridge vlan add dev ${port} vid ${range}`),
];

/** VLANs of the bridge's own port. */
export const selfVlanLines = ({ name, vlans }: BridgeLink): readonly string[] =>
  rangeTexts(vlans).map((range) => `bridge vlan add dev ${name} vid ${range} self`);

const vnisOf = ({ first, last, vni }: VxlanLink["tunnels"][number]): readonly number[] =>
  expandRange({ first, last }).map((_, index) => vni + index);

/** Where frames without a known receiver go: to each peer, for each VNI. Appending one twice has no effect (`vxlan_fdb_append`). */
export const peerLines = ({ name, tunnels, peers }: VxlanLink): readonly string[] =>
  (peers ?? []).flatMap((peer) =>
    tunnels
      .flatMap(vnisOf)
      .map(
        (vni) =>
          `bridge fdb append 00:00:00:00:00:00 dev ${name} dst ${peer} src_vni ${String(vni)} vni ${String(vni)}`,
      ),
  );

/**
 * The VNI of each VLAN. The device itself forwards nothing between VNIs, and learns nothing: frames to unknown receivers go to all
 * peers. The bridge learns which addresses are behind it, unless a BGP daemon writes its entries.
 */
export const tunnelLines = (link: VxlanLink): readonly string[] => [
  `bridge link set dev ${link.name} vlan_tunnel on learning ${link.peers === null ? "off" : "on"}`,
  ...link.tunnels.flatMap(({ first, last, vni }) => {
    const end = vni + last - first;
    const vnis = end === vni ? String(vni) : `${String(vni)}-${String(end)}`;
    const mapping = (verb: "add" | "del"): string =>
      `bridge vlan ${verb} dev ${link.name} vid ${renderRange({ first, last })} tunnel_info id ${vnis}`;
    return [
      `bridge vni add dev ${link.name} vni ${vnis}`,
      // The kernel refuses a mapping that is there already (`__vlan_tunnel_info_add`).
      `${mapping("add")} 2>/dev/null || { ${mapping("del")}; ${mapping("add")}; }`,
    ];
  }),
];

/** A default route, to a next hop that may be on no network of the device. */
export const routeWords = ({ via, onLink }: Gateway, device: string): string =>
  `default via ${via} dev ${device}${onLink ? " onlink" : ""}`;

/** `ip` for the family of an address. */
export const ipOf = (via: Gateway["via"]): string => (familyOf(via) === "ipv6" ? "ip -6" : "ip");
