import { asList, asObject, asText } from "./json.ts";

/** A rule, and what it is for: the comment is how it is recognised on a host. */
export interface CommentedRule {
  readonly rule: string;
  readonly comment: string;
}

/** FNV-1a (RFC 9923) of 32 bits: it tells versions of a text apart, and needs nothing that an engine would have to load. */
const digestOf = (text: string): string => {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, "0");
};

/**
 * Puts a digest of everything that belongs to a rule set into its first comment. Other rules with the same comments are then another
 * rule set, and replace the one that an earlier version has left on a host.
 *
 * @param text all that the rule set is made with
 */
export const withDigest = (
  [first, ...rest]: readonly CommentedRule[],
  text: string,
): readonly CommentedRule[] =>
  first === undefined ? [] : [{ ...first, comment: `${first.comment}; rules ${digestOf(text)}` }, ...rest];

/** Reads the comments of the rules in these chains, in what `nft -j list table` prints. */
export const observeComments = (document: unknown, chains: readonly string[]): readonly string[] =>
  asList(asObject(document)["nftables"])
    .map((item) => asObject(asObject(item)["rule"]))
    .filter((rule) => chains.includes(asText(rule["chain"]) ?? ""))
    .map((rule) => asText(rule["comment"]) ?? "");
