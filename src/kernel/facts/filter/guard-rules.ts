import type { NonEmpty } from "../../../values/brand.ts";
import { nft } from "../command.ts";
import type { FactKind } from "../fact-kind.ts";
import { GUARD_SETS } from "./guard.ts";
import { GUARDED_GROUPS, UNLOCKED_GROUPS } from "../port/port-group.ts";
import { type CommentedRule, observeComments, withDigest } from "./rule-set.ts";

/** The nftables chain that checks what guests on bridge ports send, identified by the comments of its rules. */
export interface GuardRulesFact {
  readonly kind: "guard-rules";
  readonly rules: readonly string[];
}

const ND = "nd-router-solicit, nd-router-advert, nd-neighbor-solicit, nd-neighbor-advert, nd-redirect";

const anyOf = (groups: readonly number[]): string => `{ ${groups.join(", ")} }`;

/**
 * One static chain for all ports: what a guest may send is in the sets. `meta protocol` is the protocol
 * behind the VLAN tag, so tagged frames are checked like untagged ones; `ether type` would be the tag.
 */
const RULES: NonEmpty<CommentedRule> = [
  {
    rule: `iifgroup ${anyOf(UNLOCKED_GROUPS)} iifname . ether saddr != @mac-sources drop`,
    comment: "what the bridge learns is a MAC address of the guest",
  },
  {
    rule: `iifgroup != ${anyOf(GUARDED_GROUPS)} accept`,
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
];

/** Commands of one nftables transaction: they make the table, or bring its chain up to date; elements stay. */
const render = (rules: readonly CommentedRule[]): string =>
  [
    "add table bridge guestnet",
    ...Object.entries(GUARD_SETS).map(([set, type]) => `add set bridge guestnet ${set} { ${type}; }`),
    // Before the bridge decides anything (nft(8): dstnat is -300 here), and so on the way to the host as well.
    "add chain bridge guestnet guard { type filter hook prerouting priority -300; policy accept; }",
    "flush chain bridge guestnet guard",
    ...rules.map(({ rule, comment }) => `add rule bridge guestnet guard ${rule} comment "${comment}"`),
  ].join("\n");

const CHECKS = withDigest(RULES, "b57642e9");

export const guardRulesFact: GuardRulesFact = {
  kind: "guard-rules",
  rules: CHECKS.map(({ comment }) => comment),
};

export const guardRules: FactKind<GuardRulesFact> = {
  key: () => "",
  device: () => null,
  slot: () => "set guard-rules",
  add: () => [nft(render(CHECKS))],
  describe: () => "the anti-spoofing rules of bridge ports",
  observe: {
    from: "table",
    family: "bridge",
    isWanted: ({ guards }) => guards.length > 0,
    read: (document) => [{ kind: "guard-rules", rules: observeComments(document, ["guard"]) }],
  },
};
