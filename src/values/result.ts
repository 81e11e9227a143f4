/** The result of a rejected calculation: all its errors. */
export interface Refused<Problem> {
  readonly ok: false;
  readonly problems: readonly Problem[];
}

/** The result of a calculation: the value, or all errors. */
export type Result<Value, Problem> = { readonly ok: true; readonly value: Value } | Refused<Problem>;

export const good = <Value>(value: Value): Result<Value, never> => ({ ok: true, value });
export const refused = <Problem>(...problems: readonly Problem[]): Refused<Problem> => ({
  ok: false,
  problems,
});
