import type { SourceCheckFact } from "./fact.ts";

/** Interface group of all taps whose sources are checked; also our route protocol. */
export const SOURCE_CHECK_GROUP = 76;

/** What each rule is for, in the order of the chain: this comment is how we know a rule again. */
const RULES = [
  {
    rule: `iifgroup != ${String(SOURCE_CHECK_GROUP)} accept`,
    comment: "only routed taps are checked",
  },
  { rule: "ip6 saddr fe80::/10 accept", comment: "link-local, never forwarded" },
  {
    rule: "ip6 saddr :: icmpv6 type { nd-neighbor-solicit, mld2-listener-report } accept",
    comment: "duplicate address detection",
  },
  {
    rule: "fib saddr . iif oif missing drop",
    comment: "the host routes are the list of allowed sources",
  },
] as const;

/**
 * One static rule set for all routed taps, however many: a packet passes when its source is routed back to the tap that
 * it came from (nft(8), "FIB expressions"). No rule and no set grows with the guests.
 */
export const sourceCheckFact: SourceCheckFact = {
  kind: "source-check",
  rules: RULES.map(({ comment }) => comment),
};

/** The table as one nftables transaction, on one line: it replaces what is there without an open moment. */
export const renderSourceCheck = (): string => {
  const rules = RULES.map(({ rule, comment }) => `${rule} comment "${comment}"`).join("; ");
  return (
    "add table inet guestnet; delete table inet guestnet; table inet guestnet { chain source-check { " +
    `type filter hook prerouting priority raw; policy accept; ${rules}; }; }`
  );
};
