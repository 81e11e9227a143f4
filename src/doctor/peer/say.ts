import { error, type Finding } from "../finding.ts";

const SHOWN = 3;

/** `web1`, `web1, web2 and web3`, `web1, web2, web3 and 47 more`. */
export const sayGuests = (names: readonly string[]): string => {
  const all = [...new Set(names)];
  const rest = all.length - SHOWN;
  if (rest > 0) return `${all.slice(0, SHOWN).join(", ")} and ${String(rest)} more`;
  const last = all.at(-1) ?? "";
  return all.length < 2 ? last : `${all.slice(0, -1).join(", ")} and ${last}`;
};

/** Reasons by what they say, each with the guests that have it: fifty guests may miss one bridge. */
export const byReason = (
  reasons: readonly { readonly guest: string; readonly reason: string }[],
): ReadonlyMap<string, readonly string[]> => {
  const all = new Map<string, readonly string[]>();
  for (const { guest, reason } of reasons) all.set(reason, [...(all.get(reason) ?? []), guest]);
  return all;
};

/** A reason of the hook's: what is wrong, and behind the first colon what to do. */
export const refusal = (check: string, peer: string, reason: string, guests: readonly string[]): Finding => {
  const [, found = reason, mend] = /^(.+?): (.+)$/s.exec(reason) ?? [];
  return error(
    check,
    found,
    `the hook there refuses ${sayGuests(guests)}: the migration fails, and the guest stays here`,
    mend === undefined ? `see to it on ${peer}` : `on ${peer}: ${mend}`,
  );
};
