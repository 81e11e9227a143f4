import { createInterface } from "node:readline/promises";

/** Asks for confirmation on a terminal; without one, the answer is yes. */
export const confirm = async (question: string): Promise<boolean> => {
  if (!process.stdin.isTTY) return true;
  const asking = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await asking.question(`${question} [y/N] `)).trim());
  } finally {
    asking.close();
  }
};

/** Returns a number with its noun: `1 command`, `2 commands`. */
export const counted = (count: number, noun: string): string =>
  `${String(count)} ${noun}${count === 1 ? "" : "s"}`;
