import type { NonEmpty } from "../../../values/brand.ts";
import { asList, membersOf, asText } from "../../../values/json.ts";

/** A rule, and what it is for: the comment is how it is recognised on a host. */
export interface CommentedRule {
  readonly rule: string;
  readonly comment: string;
}

/**
 * Puts a digest of everything that belongs to a rule set into its first comment. Other rules with the same comments are then another
 * rule set, and replace the one that an earlier version has left on a host.
 *
 * @param digest of all that the rule set is made with. It is written down, because the hook would compute it at every call, and a
 *   test holds it against the rules.
 */
export const withDigest = (
  [first, ...rest]: NonEmpty<CommentedRule>,
  digest: string,
): NonEmpty<CommentedRule> => [{ ...first, comment: `${first.comment}; rules ${digest}` }, ...rest];

/** Reads the comments of the rules in these chains, in what `nft -j list table` prints. */
export const observeComments = (document: unknown, chains: readonly string[]): readonly string[] =>
  asList(membersOf(document)["nftables"])
    .map((item) => membersOf(membersOf(item)["rule"]))
    .filter((rule) => chains.includes(asText(rule["chain"]) ?? ""))
    .map((rule) => asText(rule["comment"]) ?? "");
