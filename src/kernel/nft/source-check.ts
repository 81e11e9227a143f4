import type { SourceCheckFact } from "../facts/fact.ts";
import { groupSet } from "../facts/tap-group.ts";

const checked = groupSet(({ antispoof }) => antispoof);
const uplinkOnly = groupSet(({ reach }) => reach === "uplink-only");
const others = groupSet(({ reach }) => reach === "any");
const all = groupSet(() => true);

/** What each rule is for, in the order of the chain: this comment is how we know a rule again. */
const RULES = [
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
] as const;

/**
 * All guests share the kernel's table of neighbours (gc_thresh3: 1024), and entries younger than 5 s are never given up
 * (neigh_forced_gc). So each tap has room for a few dozen of them, however many addresses its guest invents.
 */
const NEWCOMERS = [
  { rule: "iif . ip6 saddr @neighbours return", comment: "heard lately" },
  { rule: "update @newcomers { iif limit rate over 5/second burst 50 packets } drop", comment: "too many" },
  { rule: "add @neighbours { iif . ip6 saddr }", comment: "heard now" },
] as const;
const SETS =
  "set neighbours { type iface_index . ipv6_addr; flags dynamic; size 65535; timeout 10m; }; " +
  "set newcomers { type iface_index; flags dynamic; size 65535; timeout 1m; }; ";

const REACH = [
  { rule: `iifgroup ${uplinkOnly} oifgroup ${all} drop`, comment: "uplink-only guests reach no other guest" },
  { rule: `iifgroup ${others} oifgroup ${uplinkOnly} drop`, comment: "no guest reaches an uplink-only one" },
] as const;

type Rules = readonly { readonly rule: string; readonly comment: string }[];
const renderRules = (rules: Rules): string =>
  rules.map(({ rule, comment }) => `${rule} comment "${comment}"`).join("; ");

/**
 * One static rule set for all routed taps, however many: a packet passes when its source is routed back to the tap that
 * it came from (nft(8), "FIB expressions"), and is forwarded between guests unless one of them is uplink-only. No rule
 * grows with the guests, and the kernel keeps the sets itself.
 */
export const sourceCheckFact: SourceCheckFact = {
  kind: "source-check",
  rules: [...NEWCOMERS, ...RULES, ...REACH].map(({ comment }) => comment),
};

/** The table as one nftables transaction, on one line: it replaces what is there without an open moment. */
export const renderSourceCheck = (): string => {
  return (
    `add table inet guestnet; delete table inet guestnet; table inet guestnet { ${SETS}` +
    `chain newcomers { ${renderRules(NEWCOMERS)}; }; chain source-check { ` +
    `type filter hook prerouting priority raw; policy accept; ${renderRules(RULES)}; }; ` +
    `chain reach { type filter hook forward priority filter; policy accept; ${renderRules(REACH)}; }; }`
  );
};
