import type { Plan } from "../facts/change.ts";
import type { Host } from "../host.ts";

/**
 * Takes back, last first, what was made and would stay; `-force` passes over what was not made after all. It never rejects:
 * what has to be told is the failure that led here, and what cannot be taken back, release and the next prepare see.
 */
export const undo = async (made: Plan, host: Host): Promise<void> => {
  const lines = made.flatMap((step) => step.undo ?? []).reverse();
  if (lines.length === 0) return;
  await host.run("ip", ["-force", "-batch", "-"], `${lines.join("\n")}\n`).catch(() => undefined);
};
