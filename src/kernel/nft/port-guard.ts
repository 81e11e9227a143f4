import type { Address } from "../../values/address.ts";
import type { GuardRulesFact } from "../facts/fact.ts";

/** Interface group of the bridge ports whose addresses are checked: it goes with the tap, so no new tap inherits a check. */
export const GUARD_GROUP = 77;

/**
 * Interface groups of ports whose guest still runs on the host that it comes from; `guarded` where its addresses are checked,
 * too. The group is the state: it goes with the tap.
 */
export const ARRIVING_GROUPS = { plain: 81, guarded: 82 } as const;

/** The groups that we give to bridge ports. */
export const PORT_GROUPS: readonly number[] = [GUARD_GROUP, ARRIVING_GROUPS.plain, ARRIVING_GROUPS.guarded];

/** What a guest may do that only few may: announce itself as a router, or answer as a DHCP server. */
export const SERVICES = ["router", "dhcp"] as const;
export type Service = (typeof SERVICES)[number];

/** What a port's guest may say: from these addresses and no others. */
export interface PortGuard {
  readonly addresses: readonly Address[];
  readonly services: readonly Service[];
}

/** The sets of the table, and what an element of each is; the first part is always the port. */
export const GUARD_SETS = {
  routers: "type ifname",
  "dhcp-servers": "type ifname",
  "mac-sources": "type ifname . ether_addr",
  "arp-senders": "type ifname . ether_addr . ipv4_addr",
  "ipv4-sources": "type ifname . ipv4_addr",
  "ipv6-sources": "type ifname . ipv6_addr",
  // nftables has no name for the target before 1.0.7, so it is the 128 bits behind the ICMPv6 header (RFC 4861, 4.3).
  "nd-targets": "typeof iifname . @th,64,128",
} as const;
export type GuardSet = keyof typeof GUARD_SETS;

const ND = "nd-router-solicit, nd-router-advert, nd-neighbor-solicit, nd-neighbor-advert, nd-redirect";

/**
 * One static chain for all ports, however many: what a guest may say is in the sets. `meta protocol` is the protocol
 * behind the VLAN tag, so tagged frames are checked like untagged ones; `ether type` would be the tag.
 */
const RULES = [
  {
    rule: `iifgroup { ${String(ARRIVING_GROUPS.plain)}, ${String(ARRIVING_GROUPS.guarded)} } iifname . ether saddr != @mac-sources drop`,
    comment: "a guest on its way here speaks from its own MAC address",
  },
  {
    rule: `iifgroup != { ${String(GUARD_GROUP)}, ${String(ARRIVING_GROUPS.guarded)} } accept`,
    comment: "only ports of guests with addresses are checked",
  },
  { rule: "ether daddr 01:80:c2:00:00:00 drop", comment: "no spanning tree from a guest" },
  { rule: "meta protocol { 8021q, 8021ad } drop", comment: "no tag inside a tag" },
  {
    rule: "meta protocol arp iifname . arp saddr ether . arp saddr ip @arp-senders accept",
    comment: "ARP for its own addresses",
  },
  {
    rule: "meta protocol arp arp operation request arp saddr ip 0.0.0.0 accept",
    comment: "ARP probe (RFC 5227)",
  },
  { rule: "meta protocol arp drop", comment: "no ARP for others" },
  { rule: "meta protocol ip udp sport 67 iifname != @dhcp-servers drop", comment: "no DHCP server" },
  { rule: "meta protocol ip6 udp sport 547 iifname != @dhcp-servers drop", comment: "no DHCPv6 server" },
  {
    rule: "meta protocol ip ip saddr 0.0.0.0 udp sport 68 udp dport 67 accept",
    comment: "DHCP client",
  },
  {
    rule: "meta protocol ip6 icmpv6 type { nd-router-advert, nd-redirect } iifname != @routers drop",
    comment: "no router advertisements",
  },
  {
    rule: "meta protocol ip6 icmpv6 type nd-neighbor-advert iifname . @th,64,128 != @nd-targets drop",
    comment: "no advertisement of others",
  },
  {
    rule: "meta protocol ip6 ip6 saddr :: icmpv6 type nd-neighbor-solicit iifname . @th,64,128 @nd-targets accept",
    comment: "duplicate address detection",
  },
  {
    rule: "meta protocol ip6 ip6 saddr :: icmpv6 type mld2-listener-report accept",
    comment: "listening before it has an address",
  },
  {
    rule: `meta protocol ip6 icmpv6 type { ${ND} } iifname . ip6 saddr != @ipv6-sources drop`,
    comment: "neighbour discovery from its own addresses, of routers too",
  },
  {
    rule: "meta protocol ip iifname . ip saddr @ipv4-sources accept",
    comment: "IPv4 from its own addresses",
  },
  {
    rule: "meta protocol ip6 iifname . ip6 saddr @ipv6-sources accept",
    comment: "IPv6 from its own addresses",
  },
  { rule: "iifname @routers accept", comment: "a router forwards for others" },
  { rule: "meta protocol { ip, ip6 } drop", comment: "nothing else" },
] as const;

export const guardRulesFact: GuardRulesFact = {
  kind: "guard-rules",
  rules: RULES.map(({ comment }) => comment),
};

/** Commands of one nftables transaction: they make the table, or bring its chain up to date; elements stay. */
export const renderGuardRules = (): string =>
  [
    "add table bridge guestnet",
    ...Object.entries(GUARD_SETS).map(([set, type]) => `add set bridge guestnet ${set} { ${type}; }`),
    // Before the bridge decides anything (nft(8): dstnat is -300 here), and so on the way to the host as well.
    "add chain bridge guestnet guard { type filter hook prerouting priority -300; policy accept; }",
    "flush chain bridge guestnet guard",
    ...RULES.map(({ rule, comment }) => `add rule bridge guestnet guard ${rule} comment "${comment}"`),
  ].join("\n");
