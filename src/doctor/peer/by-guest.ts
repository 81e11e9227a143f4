import type { Unmet } from "../../kernel/facts/demand.ts";
import { error, type Finding } from "../finding.ts";

const SHOWN = 3;

/** `web1`, `web1, web2 and web3`, `web1, web2, web3 and 47 more`. */
export const guestsText = (names: readonly string[]): string => {
  const all = [...new Set(names)];
  const rest = all.length - SHOWN;
  if (rest > 0) return `${all.slice(0, SHOWN).join(", ")} and ${String(rest)} more`;
  const last = all.at(-1) ?? "";
  return all.length < 2 ? last : `${all.slice(0, -1).join(", ")} and ${last}`;
};

/** Returns things by their text, each with the guests that have it: fifty guests may lack one bridge. */
export const byText = <T>(
  things: readonly { readonly guest: string; readonly thing: T }[],
  textOf: (thing: T) => string,
): readonly { readonly thing: T; readonly guests: readonly string[] }[] => {
  const all = new Map<string, { readonly thing: T; readonly guests: readonly string[] }>();
  for (const { guest, thing } of things) {
    const text = textOf(thing);
    all.set(text, { thing, guests: [...(all.get(text)?.guests ?? []), guest] });
  }
  return [...all.values()];
};

/** Returns why the hook on the other host refuses guests. */
export const refusal = (
  check: string,
  peer: string,
  { found, fix }: Unmet,
  guests: readonly string[],
): Finding =>
  error(
    check,
    found,
    `the hook there refuses ${guestsText(guests)}: the migration fails, and the guest stays here`,
    fix === null ? `change this on ${peer}` : `on ${peer}: ${fix}`,
  );
