import { deadline } from "./deadline.ts";
import { runInTurn } from "./run-in-turn.ts";

const ENDS_MS = 1_000;

/** Writes a line into the journal, also where the time for all other programs is up. It never rejects. */
export const log = async (priority: "err" | "warning" | "notice", line: string): Promise<void> => {
  const run = runInTurn(deadline(Date.now() + ENDS_MS));
  await run("logger", ["-t", "guestnet", "-p", `daemon.${priority}`, "--", line]).catch(() => undefined);
};
