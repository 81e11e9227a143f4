import { parseAddress } from "../values/address.ts";
import type { Family } from "../values/address.ts";
import { asList, asNumber, membersOf, asText, type JsonObject } from "../values/json.ts";
import type {
  Bond,
  LiveAddress,
  LiveBridge,
  LiveLink,
  LiveNetwork,
  LivePeer,
  LivePort,
  LiveRoute,
  LiveRule,
  LiveTunnel,
  LiveVlan,
  LiveVxlan,
} from "./live-network.ts";

/** A question to the running host, and the file in which its answer is saved. */
export interface NetworkQuery {
  readonly file: string;
  readonly command: readonly [program: string, ...args: string[]];
  /** Whether an older iproute2 without the command counts as an empty answer. */
  readonly optional: boolean;
}

const query = (file: string, ...command: NetworkQuery["command"]): NetworkQuery => ({
  file,
  command,
  optional: false,
});

/** All questions. `ip -details address` has what `ip -details link` has, and the addresses. */
export const QUERIES: readonly NetworkQuery[] = [
  query("address.json", "ip", "-json", "-details", "address", "show"),
  query("route4.json", "ip", "-json", "-details", "-4", "route", "show", "table", "all"),
  query("route6.json", "ip", "-json", "-details", "-6", "route", "show", "table", "all"),
  query("rule4.json", "ip", "-json", "-4", "rule", "show"),
  query("rule6.json", "ip", "-json", "-6", "rule", "show"),
  query("vlan.json", "bridge", "-json", "vlan", "show"),
  { ...query("tunnel.json", "bridge", "-json", "vlan", "tunnelshow"), optional: true },
  { ...query("fdb.json", "bridge", "-json", "fdb", "show"), optional: true },
];

const toBridge = (data: JsonObject): LiveBridge => ({
  filtering: data["vlan_filtering"] === 1,
  defaultPvid: asNumber(data["vlan_default_pvid"]) ?? 0,
  stp: (asNumber(data["stp_state"]) ?? 0) !== 0,
});

const toBond = (data: JsonObject): Bond => ({
  mode: asText(data["mode"]) ?? "",
  lacpRate: asText(data["ad_lacp_rate"]),
  miimon: asNumber(data["miimon"]),
  hashPolicy: asText(data["xmit_hash_policy"]),
  primary: asText(data["primary"]),
  minLinks: asNumber(data["min_links"]),
});

const toVxlan = (data: JsonObject): LiveVxlan => ({
  local: parseAddress(asText(data["local6"]) ?? asText(data["local"]) ?? ""),
  port: asNumber(data["port"]) ?? 0,
  vni: data["external"] === true ? null : asNumber(data["id"]),
  external: data["external"] === true,
  vnifilter: data["vnifilter"] === true,
  learning: data["learning"] !== false,
});

const toPort = (data: JsonObject): LivePort => ({
  vlanTunnel: data["vlan_tunnel"] === true,
  learning: data["learning"] !== false,
  isolated: data["isolated"] === true,
});

const toLink = (document: unknown): LiveLink => {
  const json = membersOf(document);
  const info = membersOf(json["linkinfo"]);
  const kind = asText(info["info_kind"]);
  const data = membersOf(info["info_data"]);
  return {
    name: asText(json["ifname"]) ?? "",
    kind,
    type: asText(json["link_type"]) ?? "",
    master: asText(json["master"]),
    lower: kind === "vlan" ? asText(json["link"]) : null,
    up: asList(json["flags"]).includes("UP"),
    mtu: asNumber(json["mtu"]) ?? 0,
    mac: asText(json["address"]) ?? "",
    bridge: kind === "bridge" ? toBridge(data) : null,
    vlan:
      kind === "vlan"
        ? { id: asNumber(data["id"]) ?? 0, protocol: asText(data["protocol"]) ?? "802.1Q" }
        : null,
    bond: kind === "bond" ? toBond(data) : null,
    vrf: kind === "vrf" ? { table: asNumber(data["table"]) ?? 0 } : null,
    vxlan: kind === "vxlan" ? toVxlan(data) : null,
    port: info["info_slave_kind"] === "bridge" ? toPort(membersOf(info["info_slave_data"])) : null,
  };
};

/** INFINITY_LIFE_TIME (include/net/addrconf.h): an address without a lifetime. */
const FOREVER = 4_294_967_295;

const toAddresses = (document: unknown): readonly LiveAddress[] => {
  const json = membersOf(document);
  const dev = asText(json["ifname"]) ?? "";
  return asList(json["addr_info"])
    .map(membersOf)
    .flatMap((info) => {
      const address = parseAddress(asText(info["local"]) ?? "");
      if (address === null) return [];
      return [
        {
          ...{ dev, address },
          length: asNumber(info["prefixlen"]) ?? 0,
          family: info["family"] === "inet6" ? ("ipv6" as const) : ("ipv4" as const),
          scope: asText(info["scope"]) ?? "global",
          dynamic: info["dynamic"] === true || (asNumber(info["valid_life_time"]) ?? FOREVER) !== FOREVER,
          fromRouter:
            info["mngtmpaddr"] === true || info["temporary"] === true || info["protocol"] === "kernel_ra",
          peer: parseAddress(asText(info["address"]) ?? ""),
          broadcast: parseAddress(asText(info["broadcast"]) ?? ""),
        },
      ];
    });
};

const toRoutes =
  (family: Family) =>
  (document: unknown): readonly LiveRoute[] => {
    const json = membersOf(document);
    const table = asText(json["table"]) ?? "main";
    const type = asText(json["type"]) ?? "unicast";
    // The kernel makes those of table local, and multicast and broadcast ones, for its addresses.
    if (table === "local" || !["unicast", "blackhole", "unreachable", "prohibit", "throw"].includes(type))
      return [];
    const hops = asList(json["nexthops"]);
    return [
      {
        ...{ family, table, type },
        to: asText(json["dst"]) ?? "",
        via: asText(json["gateway"]) ?? asText(membersOf(json["via"])["host"]),
        dev: asText(json["dev"]),
        metric: asNumber(json["metric"]),
        protocol: asText(json["protocol"]) ?? "boot",
        source: asText(json["prefsrc"]),
        scope: family === "ipv4" ? asText(json["scope"]) : null,
        onlink: asList(json["flags"]).includes("onlink"),
        hops: Math.max(1, hops.length),
      },
    ];
  };

/** The kernel's own: to table local, to VRFs, to main and default (ip-rule(8)). */
const OWN_PRIORITIES: ReadonlySet<unknown> = new Set([0, 1000, 32766, 32767]);

const toRules =
  (family: Family) =>
  (document: unknown): readonly LiveRule[] => {
    const json = membersOf(document);
    const isOwn =
      OWN_PRIORITIES.has(json["priority"]) &&
      json["src"] === "all" &&
      ("l3mdev" in json || ["local", "main", "default"].includes(asText(json["table"]) ?? ""));
    if (isOwn) return [];
    const words = Object.entries(json).flatMap(([key, value]) =>
      typeof value === "string" || typeof value === "number" ? [`${key} ${value}`] : [key],
    );
    return [{ family, text: words.join(" ") }];
  };

const toVlans = (document: unknown): readonly LiveVlan[] => {
  const json = membersOf(document);
  const port = asText(json["ifname"]) ?? "";
  return asList(json["vlans"])
    .map(membersOf)
    .flatMap((vlan) => {
      const first = asNumber(vlan["vlan"]) ?? 0;
      const last = asNumber(vlan["vlanEnd"]) ?? first;
      const flags = asList(vlan["flags"]);
      return Array.from({ length: last - first + 1 }, (_, at) => ({
        ...{ port, vid: first + at },
        pvid: flags.includes("PVID"),
        untagged: flags.includes("Egress Untagged"),
      }));
    });
};

const toTunnels = (document: unknown): readonly LiveTunnel[] => {
  const json = membersOf(document);
  const port = asText(json["ifname"]) ?? "";
  return asList(json["tunnels"])
    .map(membersOf)
    .flatMap((tunnel) => {
      const first = asNumber(tunnel["vlan"]) ?? 0;
      const last = asNumber(tunnel["vlanEnd"]) ?? first;
      const vni = asNumber(tunnel["tunid"]) ?? 0;
      return Array.from({ length: last - first + 1 }, (_, at) => ({
        ...{ port, vid: first + at, vni: vni + at },
      }));
    });
};

const NO_MAC = "00:00:00:00:00:00";

const toPeers = (document: unknown): readonly LivePeer[] => {
  const json = membersOf(document);
  const address = parseAddress(asText(json["dst"]) ?? "");
  return address === null || json["mac"] !== NO_MAC
    ? []
    : [{ port: asText(json["ifname"]) ?? "", address, vni: asNumber(json["src_vni"] ?? json["vni"]) }];
};

/**
 * Reads the answers of the host.
 *
 * @param answers to each of {@link QUERIES}, by the name of its file. Throws SyntaxError for what is not JSON
 */
export const toLiveNetwork = (
  answers: ReadonlyMap<string, string>,
  sysctl: LiveNetwork["sysctl"],
): LiveNetwork => {
  const all = (file: string): readonly unknown[] => {
    const text = answers.get(file)?.trim() ?? "";
    return text === "" ? [] : asList(JSON.parse(text));
  };
  const devices = all("address.json");
  return {
    links: devices.map(toLink),
    addresses: devices.flatMap(toAddresses),
    routes: [
      ...all("route4.json").flatMap(toRoutes("ipv4")),
      ...all("route6.json").flatMap(toRoutes("ipv6")),
    ],
    rules: [...all("rule4.json").flatMap(toRules("ipv4")), ...all("rule6.json").flatMap(toRules("ipv6"))],
    vlans: all("vlan.json").flatMap(toVlans),
    tunnels: all("tunnel.json").flatMap(toTunnels),
    peers: all("fdb.json").flatMap(toPeers),
    sysctl,
  };
};
