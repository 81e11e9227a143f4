/** What the rules guarantee. Its absence is a bug of ours. */
export const surely = <T>(value: T | null | undefined, what: string): T => {
  if (value === null || value === undefined)
    throw new Error(`the rules let a profile through without ${what}`);
  return value;
};
