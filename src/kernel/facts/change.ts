/** Commands that set, change or remove one fact. */
export type Change<F> =
  | { readonly kind: "add"; readonly to: F }
  | { readonly kind: "replace"; readonly from: F; readonly to: F }
  | { readonly kind: "remove"; readonly from: F };

/** Returns what a change is about: the fact that will hold, or the one that ceases to. */
export const subjectOf = <F>(change: Change<F>): F => (change.kind === "remove" ? change.from : change.to);
