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
