/** What one check came to: what was found, and when that is not good, why it matters and what mends it. */
export type Finding =
  | { readonly kind: "good"; readonly check: string; readonly found: string }
  | {
      readonly kind: "warning" | "error";
      readonly check: string;
      readonly found: string;
      readonly why: string;
      /** A command, or what to do in words. */
      readonly mend: string;
    };

export const good = (check: string, found: string): Finding => ({ kind: "good", check, found });

/** Something does not work, or is open that should be closed. */
export const error = (check: string, found: string, why: string, mend: string): Finding => ({
  kind: "error",
  check,
  found,
  why,
  mend,
});

/** It works, but not as well as it could, or not under all circumstances. */
export const warning = (check: string, found: string, why: string, mend: string): Finding => ({
  ...{ kind: "warning", check, found, why, mend },
});
