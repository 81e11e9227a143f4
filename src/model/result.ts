/** What a calculation that can be refused gives back: the value, or everything that is wrong. */
export type Result<Value, Problem> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly problems: readonly Problem[] };

export const good = <Value>(value: Value): Result<Value, never> => ({ ok: true, value });
export const refused = <Problem>(...problems: readonly Problem[]): Result<never, Problem> => ({
  ok: false,
  problems,
});
