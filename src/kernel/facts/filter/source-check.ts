import type { NonEmpty } from "../../../values/brand.ts";
import { nft } from "../command.ts";
import type { FactKind } from "../fact-kind.ts";
import { type CommentedRule, observeComments, withDigest } from "./rule-set.ts";
import { groupSet } from "../tap/tap-group.ts";

/** The nftables table with the source check of all routed taps, identified by the comments of its rules. */
export interface SourceCheckFact {
  readonly kind: "source-check";
  readonly rules: readonly string[];
}

const checked = groupSet(({ antispoof }) => antispoof);
const uplinkOnly = groupSet(({ reach }) => reach === "uplink-only");
const others = groupSet(({ reach }) => reach === "any");
const all = groupSet(() => true);

const RULES: NonEmpty<CommentedRule> = [
  {
    rule: `iifgroup != ${checked} accept`,
    comment: "only routed taps are checked",
  },
  { rule: "ip6 saddr fe80::/10 jump newcomers", comment: "of link-local addresses, only so many new ones" },
  { rule: "ip6 saddr fe80::/10 accept", comment: "link-local, never forwarded" },
  {
    rule: "ip6 saddr :: icmpv6 type { nd-neighbor-solicit, mld2-listener-report } accept",
    comment: "duplicate address detection",
  },
  {
    rule: "fib saddr . iif oif missing drop",
    comment: "the host routes are the list of allowed sources",
  },
  {
    rule: "icmpv6 type { nd-neighbor-solicit, nd-router-solicit, nd-router-advert } jump newcomers",
    comment: "of addresses in its networks, only so many new neighbours",
  },
];

/**
 * All guests share the kernel's table of neighbours (gc_thresh3: 1024), and entries younger than 5 s are never given up
 * (neigh_forced_gc). So each tap has room for a few dozen of them, however many addresses its guest invents.
 */
const NEWCOMERS: readonly CommentedRule[] = [
  { rule: "iif . ip6 saddr @neighbours return", comment: "heard lately" },
  { rule: "update @newcomers { iif limit rate over 5/second burst 50 packets } drop", comment: "too many" },
  { rule: "add @neighbours { iif . ip6 saddr }", comment: "heard now" },
];
const SETS =
  "set neighbours { type iface_index . ipv6_addr; flags dynamic; size 65535; timeout 10m; }; " +
  "set newcomers { type iface_index; flags dynamic; size 65535; timeout 1m; }; ";

const REACH: readonly CommentedRule[] = [
  { rule: `iifgroup ${uplinkOnly} oifgroup ${all} drop`, comment: "uplink-only guests reach no other guest" },
  { rule: `iifgroup ${others} oifgroup ${uplinkOnly} drop`, comment: "no guest reaches an uplink-only one" },
];

const renderRules = (rules: readonly CommentedRule[]): string =>
  rules.map(({ rule, comment }) => `${rule} comment "${comment}"`).join("; ");

/** The table as one nftables transaction, on one line: it replaces what is there without an open moment. */
const render = (rules: readonly CommentedRule[]): string =>
  `add table inet guestnet; delete table inet guestnet; table inet guestnet { ${SETS}` +
  `chain newcomers { ${renderRules(NEWCOMERS)}; }; chain source-check { ` +
  `type filter hook prerouting priority raw; policy accept; ${renderRules(rules)}; }; ` +
  `chain reach { type filter hook forward priority filter; policy accept; ${renderRules(REACH)}; }; }`;

const CHECKS = withDigest(RULES, "921cfcfc");

/**
 * One static rule set for all routed taps, however many: a packet passes when its source is routed back to the tap that
 * it came from (nft(8), "FIB expressions"), and is forwarded between guests unless one of them is uplink-only. No rule
 * grows with the guests, and the kernel keeps the sets itself.
 */
export const sourceCheckFact: SourceCheckFact = {
  kind: "source-check",
  rules: [...NEWCOMERS, ...CHECKS, ...REACH].map(({ comment }) => comment),
};

/** Reads what `nft -j -t list table inet guestnet` prints. */
export const observeSourceCheck = (document: unknown): readonly SourceCheckFact[] => [
  { kind: "source-check", rules: observeComments(document, ["newcomers", "source-check", "reach"]) },
];

export const sourceCheck: FactKind<SourceCheckFact> = {
  key: () => "",
  device: () => null,
  slot: () => "set source-check",
  add: () => [nft(render(CHECKS))],
  describe: () => "the source check of routed taps",
  observe: {
    from: "table",
    family: "inet",
    isWanted: (scope) => scope.sourceCheck,
    read: observeSourceCheck,
  },
};
