/** The result of one check: the fact, and unless that is fine, its impact and the fix. */
export type Finding =
  | { readonly kind: "ok"; readonly check: string; readonly fact: string }
  | {
      readonly kind: "warning" | "error";
      readonly check: string;
      readonly fact: string;
      readonly impact: string;
      /** Lines, each a command; words where no command does it, after a `#` between commands. */
      readonly fix: readonly string[];
    };

export const ok = (check: string, fact: string): Finding => ({ kind: "ok", check, fact });

/** Returns a finding for what does not work, or is open and should be closed. */
export const error = (check: string, fact: string, impact: string, ...fix: readonly string[]): Finding => ({
  ...{ kind: "error", check, fact, impact, fix },
});

/** Returns a finding for what works, but not as well as it could, or not in all cases. */
export const warning = (check: string, fact: string, impact: string, ...fix: readonly string[]): Finding => ({
  ...{ kind: "warning", check, fact, impact, fix },
});
