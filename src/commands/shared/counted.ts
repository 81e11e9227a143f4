/** Returns a number with its noun: `1 command`, `2 commands`. */
export const counted = (count: number, noun: string): string =>
  `${String(count)} ${noun}${count === 1 ? "" : "s"}`;
