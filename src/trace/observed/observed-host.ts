import { ALL_PORT_VLANS, type PortVlanFact } from "../../kernel/facts/port/port-vlan.ts";
import type { Family } from "../../values/address.ts";
import { parseSaved } from "../firewall/iptables.ts";
import type { Firewall } from "../firewall/evaluate.ts";
import { parseRuleset } from "../firewall/ruleset.ts";
import {
  type FdbEntry,
  type DeviceAddress,
  type Neighbour,
  parseAddresses,
  parseFdb,
  parseNeighbours,
  parseRules,
  type PolicyRule,
} from "./entries.ts";
import { type Links, parseLinks } from "./link.ts";
import { type Answer, type RouteLookup, lookupLine, parseRoutes, type Route } from "./route.ts";

/** Outputs of a host's tools, as they were printed: what a recording of a host is. */
export interface HostOutputs {
  readonly links: readonly unknown[];
  readonly vlans: readonly unknown[];
  readonly fdb: readonly unknown[];
  readonly addresses: readonly unknown[];
  readonly rules: readonly unknown[];
  readonly neighbours: readonly unknown[];
  readonly proxies: readonly unknown[];
  /** `ip route show table all match ADDRESS`, by address. */
  readonly covering: Readonly<Record<string, readonly unknown[]>>;
  /** `ip route get`, by its line; a text is the kernel's error. */
  readonly lookups: Readonly<Record<string, readonly unknown[] | string>>;
  readonly ruleset: unknown;
  /** What iptables-save and ip6tables-save print; null where no rule needs it, or they are not there. */
  readonly saved: { readonly ip: string | null; readonly ip6: string | null };
  /** Tables of the old iptables (/proc/net/ip_tables_names), whose rules nft does not show. */
  readonly legacy: readonly string[];
  /** Settings below /proc/sys; null for a missing one. */
  readonly settings: Readonly<Record<string, string | null>>;
}

/** A host as a packet of one family meets it: everything that was read, and nothing that was concluded. */
export interface ObservedHost {
  readonly links: Links;
  readonly vlans: readonly PortVlanFact[];
  readonly fdb: readonly FdbEntry[];
  readonly addresses: readonly DeviceAddress[];
  readonly rules: readonly PolicyRule[];
  readonly neighbours: readonly Neighbour[];
  readonly proxies: readonly Neighbour[];
  /** Routes of all tables that cover an address. */
  readonly covering: (address: string) => readonly Route[];
  /** Null for a question that was not asked. */
  readonly lookup: (lookup: RouteLookup) => Answer | null;
  readonly firewall: () => Firewall;
  readonly legacy: readonly string[];
  readonly setting: (name: string) => string | null;
}

const toAnswer = (raw: readonly unknown[] | string): Answer => {
  if (typeof raw === "string") return { kind: "refused", error: raw };
  const [route] = parseRoutes(raw);
  return route === undefined ? { kind: "refused", error: "no route" } : { kind: "route", route };
};

/** A host has thousands of rules at times: they are read once, and only when asked for. */
const firewallOf = ({ ruleset, saved }: HostOutputs): (() => Firewall) => {
  let read: Firewall | null = null;
  return () =>
    (read ??= {
      ruleset: parseRuleset(ruleset),
      saved: new Map([...parseSaved("ip", saved.ip ?? ""), ...parseSaved("ip6", saved.ip6 ?? "")]),
    });
};

/** What a host tells of all its devices, which later answers do not change: that of hundreds of guests is read once. */
export type DeviceTables = Pick<
  ObservedHost,
  "links" | "vlans" | "fdb" | "addresses" | "rules" | "neighbours" | "proxies"
>;

/** Reads the outputs that are about all devices. */
export const readDeviceTables = (raw: HostOutputs): DeviceTables => ({
  links: parseLinks(raw.links),
  vlans: ALL_PORT_VLANS.read(raw.vlans),
  fdb: parseFdb(raw.fdb),
  addresses: parseAddresses(raw.addresses),
  rules: parseRules(raw.rules),
  neighbours: parseNeighbours(raw.neighbours),
  proxies: parseNeighbours(raw.proxies),
});

/** Reads the outputs. @param tables that of these outputs, if it has been read before */
export const toObservedHost = (raw: HostOutputs, tables = readDeviceTables(raw)): ObservedHost => ({
  ...tables,
  covering: (address) => parseRoutes(raw.covering[address] ?? []),
  lookup: (lookup) => {
    const answer = raw.lookups[lookupLine(lookup)];
    return answer === undefined ? null : toAnswer(answer);
  },
  firewall: firewallOf(raw),
  legacy: raw.legacy,
  setting: (name) => raw.settings[name] ?? null,
});

/** Settings that a packet of this family may depend on, on these devices. */
export const settingNames = (family: Family, devices: readonly string[]): readonly string[] => [
  family === "ipv4" ? "net/ipv4/ip_forward" : "net/ipv6/conf/all/forwarding",
  ...["all", ...devices].flatMap((dev) =>
    family === "ipv4"
      ? [`net/ipv4/conf/${dev}/forwarding`, `net/ipv4/conf/${dev}/rp_filter`]
      : [`net/ipv6/conf/${dev}/forwarding`, `net/ipv6/conf/${dev}/disable_ipv6`],
  ),
  `net/bridge/bridge-nf-call-${family === "ipv4" ? "iptables" : "ip6tables"}`,
  "net/bridge/bridge-nf-filter-vlan-tagged",
  "net/netfilter/nf_conntrack_count",
  "net/netfilter/nf_conntrack_max",
  ...(family === "ipv6" ? ["net/ipv6/conf/all/proxy_ndp"] : []),
];
