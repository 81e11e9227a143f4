import type { Program, Ran } from "../kernel/host.ts";

interface Waiting {
  readonly program: Program;
  readonly resolve: (ran: Ran) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Gathers programs that are asked for at the same time, or while others run, and runs them in one session: each session of a
 * connection costs processes on both of its ends.
 *
 * @param runAll runs programs in one session, and returns what each came to
 */
export const gather = (
  runAll: (programs: readonly Program[]) => Promise<readonly Ran[]>,
): ((program: Program) => Promise<Ran>) => {
  let waiting: Waiting[] = [];
  let isBusy = false;

  const work = async (): Promise<void> => {
    // After all promises that are settled now: what they lead to joins.
    await new Promise((resolve) => setImmediate(resolve));
    while (waiting.length > 0) {
      const all = waiting;
      waiting = [];
      try {
        const ran = await runAll(all.map(({ program }) => program));
        for (const [at, { resolve, reject }] of all.entries()) {
          const one = ran[at];
          if (one === undefined) reject(new Error(`a session of ${String(all.length)} programs ended early`));
          else resolve(one);
        }
      } catch (error) {
        for (const { reject } of all) reject(error);
      }
      await new Promise((resolve) => setImmediate(resolve));
    }
    isBusy = false;
  };

  return (program) =>
    new Promise((resolve, reject) => {
      waiting.push({ program, resolve, reject });
      if (isBusy) return;
      isBusy = true;
      void work();
    });
};
