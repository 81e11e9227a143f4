/** What a calculation gives back that was refused: everything that is wrong. */
export interface Refused<Problem> {
  readonly ok: false;
  readonly problems: readonly Problem[];
}

/** What a calculation that can be refused gives back: the value, or everything that is wrong. */
export type Result<Value, Problem> = { readonly ok: true; readonly value: Value } | Refused<Problem>;

export const good = <Value>(value: Value): Result<Value, never> => ({ ok: true, value });
export const refused = <Problem>(...problems: readonly Problem[]): Refused<Problem> => ({
  ok: false,
  problems,
});
