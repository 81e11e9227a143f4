import { judgeSaved, type SavedRules, savedRule } from "./iptables.ts";
import { type Base, type Chain, type ChainRef, chainOf, type Rule, type Ruleset } from "./ruleset.ts";
import type { Judged } from "./judged.ts";
import { judgeStatements } from "./statements.ts";
import type { PacketFields } from "./packet-fields.ts";

/** What ends a packet: a rule, or null for the policy of the base chain. */
export interface Cause {
  readonly rule: Rule | null;
  /** The chain that the kernel calls, from which others are jumped to. */
  readonly base: ChainRef;
}

/** What the rules of one hook do with a packet. */
export type Judgement =
  | { readonly kind: "passes"; readonly rewrites: readonly Rule[] }
  | { readonly kind: "drops"; readonly cause: Cause }
  /** It depends on rules that cannot be evaluated from outside. */
  | { readonly kind: "unsure"; readonly rules: readonly Rule[] };

/** The rules of a host, in both of their spellings. */
export interface Firewall {
  readonly ruleset: Ruleset;
  readonly saved: SavedRules;
}

/** What can become of a packet in a chain: several, where a rule cannot be evaluated. */
interface ChainEnd {
  readonly accepted: boolean;
  readonly dropped: Rule | null;
  /** Whether it may come to the end of the chain. */
  readonly falls: boolean;
}

/** Jumps in each other that the kernel allows (NFT_JUMP_STACK_SIZE). */
const DEEPEST = 16;

/** A walk of one packet through the rules: it notes what it could not evaluate, and carries the packet's mark. */
interface Walk {
  readonly firewall: Firewall;
  fields: PacketFields;
  readonly unevaluated: Rule[];
  readonly rewrites: Rule[];
}

const isForeign = ({ statements }: Rule): boolean => statements.some((one) => one["xt"] !== undefined);

/** A rule of an extension of iptables is judged by iptables' own words: nft prints only the extension's name. */
const judge = (rule: Rule, { firewall: { ruleset, saved }, fields }: Walk): Judged => {
  const words = isForeign(rule) ? savedRule(saved, rule) : null;
  if (words !== null) return judgeSaved(words, fields);
  const judged = judgeStatements(rule, ruleset, fields);
  return isForeign(rule) && judged.matches === "yes"
    ? { matches: "unknown", action: { kind: "elsewhere" } }
    : judged;
};

const withMark = (fields: PacketFields, mark: number | null): PacketFields => {
  const values = new Map(fields.values);
  if (mark === null) values.delete("meta mark");
  else values.set("meta mark", mark);
  return { ...fields, values };
};

const walkChain = (chain: Chain, walk: Walk, depth: number): ChainEnd => {
  let accepted = false;
  let dropped: Rule | null = null;
  let returned = false;
  const end = (falls: boolean): ChainEnd => ({ accepted, dropped, falls: falls || returned });
  for (const rule of chain.rules) {
    const { matches, action, mark } = judge(rule, walk);
    if (matches === "no") continue;
    const sure = matches === "yes";
    if (mark !== undefined) walk.fields = withMark(walk.fields, sure ? mark : null);
    if (action.kind === "continue") continue;
    if (!sure || action.kind === "elsewhere") walk.unevaluated.push(rule);
    switch (action.kind) {
      case "accept":
        accepted = true;
        if (sure) return end(false);
        break;
      case "drop":
        dropped ??= rule;
        if (sure) return end(false);
        break;
      case "rewrite":
        walk.rewrites.push(rule);
        accepted = true;
        if (sure) return end(false);
        break;
      case "elsewhere":
        accepted = true;
        dropped ??= rule;
        if (sure) return end(false);
        break;
      case "return":
        if (sure) return end(true);
        returned = true;
        break;
      case "jump":
      case "goto": {
        const target = depth < DEEPEST ? chainOf(walk.firewall.ruleset, rule, action.chain) : null;
        const inner: ChainEnd =
          target === null
            ? { accepted: false, dropped: null, falls: true }
            : walkChain(target, walk, depth + 1);
        accepted ||= inner.accepted;
        dropped ??= inner.dropped;
        if (sure && (action.kind === "goto" || !inner.falls)) return end(inner.falls);
        break;
      }
    }
  }
  return end(true);
};

/** What can become of a packet in a base chain: whatever falls out of it meets its policy. */
const walkBase = (
  chain: Chain & { readonly base: Base },
  walk: Walk,
): { readonly accepted: boolean; readonly dropped: Cause | null } => {
  const { accepted, dropped, falls } = walkChain(chain, walk, 0);
  const base: ChainRef = { family: chain.family, table: chain.table, chain: chain.chain };
  const byPolicy = falls && chain.base.policy === "drop";
  return {
    accepted: accepted || (falls && !byPolicy),
    dropped: dropped !== null || byPolicy ? { rule: dropped, base } : null,
  };
};

/**
 * Judges a packet by base chains, in their order: a chain's `accept` ends that chain alone, a `drop` is final (nft(8), "VERDICT
 * STATEMENT"). Every outcome that is possible is followed; where they differ, the judgement is `unsure`.
 */
export const judgeHook = (
  chains: readonly (Chain & { readonly base: Base })[],
  fields: PacketFields,
  firewall: Firewall,
): Judgement => {
  const walk: Walk = { firewall, fields, unevaluated: [], rewrites: [] };
  let unsure = false;
  for (const chain of chains) {
    const { accepted, dropped } = walkBase(chain, walk);
    if (dropped !== null && !accepted) return { kind: "drops", cause: dropped };
    unsure ||= dropped !== null;
  }
  return unsure ? { kind: "unsure", rules: walk.unevaluated } : { kind: "passes", rewrites: walk.rewrites };
};
