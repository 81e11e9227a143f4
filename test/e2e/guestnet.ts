import type { Machine, Ran } from "../lab/lab.ts";

/** Runs the built guestnet on a machine of the lab, as its root would. */
export const guestnetOn = (host: Machine, ...args: readonly string[]): Promise<Ran> =>
  host.run([process.execPath, `${process.cwd()}/dist/guestnet.js`, ...args], { timeoutMs: 200_000 });
