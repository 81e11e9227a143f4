import type { SourceCheckFact } from "./fact.ts";
import { groupSet } from "./tap-group.ts";

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
 * and no set grows with the guests.
 */
export const sourceCheckFact: SourceCheckFact = {
  kind: "source-check",
  rules: [...RULES, ...REACH].map(({ comment }) => comment),
};

/** The table as one nftables transaction, on one line: it replaces what is there without an open moment. */
export const renderSourceCheck = (): string => {
  return (
    "add table inet guestnet; delete table inet guestnet; table inet guestnet { chain source-check { " +
    `type filter hook prerouting priority raw; policy accept; ${renderRules(RULES)}; }; ` +
    `chain reach { type filter hook forward priority filter; policy accept; ${renderRules(REACH)}; }; }`
  );
};
