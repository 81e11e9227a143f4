import type { Run } from "../kernel/host.ts";

/** Runs at most so many programs at the same time; the others wait in the order in which they came. */
export const limit = (many: number, run: Run): Run => {
  const waiting: (() => void)[] = [];
  let free = many;
  const turn = (): Promise<void> =>
    new Promise((resolve) => {
      if (free > 0) {
        free -= 1;
        resolve();
      } else waiting.push(resolve);
    });
  return async (...what) => {
    await turn();
    try {
      return await run(...what);
    } finally {
      const next = waiting.shift();
      if (next === undefined) free += 1;
      else next();
    }
  };
};
