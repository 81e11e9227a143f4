import { setTimeout as sleep } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import { expect } from "@jest/globals";
import type { Machine } from "../../lab/lab.ts";

/** How long the slowest machine may take for anything that a test waits for, in seconds. Only a test that fails takes all of it. */
const PATIENCE = 150;

/** Waits until a shell command succeeds in a machine. Fails, and says which, when it has not in time. */
export const until = async (machine: Machine, condition: string): Promise<void> => {
  const loop = `until { ${condition}\n} >/dev/null; do sleep 0.1; done`;
  const { code, stderr } = await machine.run(["timeout", `${PATIENCE}`, "sh", "-c", loop], {
    timeoutMs: (PATIENCE + 30) * 1000,
  });
  if (code !== 0)
    throw new Error(`machine ${machine.name}, not in ${PATIENCE} s: ${condition}\nstderr: ${stderr}`);
};

/** Looks again and again until something is as wanted. Fails, and shows the difference, when it has not become so in time. */
export const becomes = async <T>(look: () => Promise<T>, wanted: T): Promise<void> => {
  const end = Date.now() + PATIENCE * 1000;
  let seen = await look();
  while (!isDeepStrictEqual(seen, wanted) && Date.now() < end) {
    await sleep(200);
    seen = await look();
  }
  expect(seen).toEqual(wanted);
};
