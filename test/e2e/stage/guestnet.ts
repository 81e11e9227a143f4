import type { Machine, Ran } from "../../lab/lab.ts";

/** Runs the built guestnet on a machine of the lab, as its root would. Its temporary files are in the machine's own /run: all share /tmp. */
export const guestnetOn = (host: Machine, ...args: readonly string[]): Promise<Ran> =>
  host.run(["env", "TMPDIR=/run", process.execPath, `${process.cwd()}/dist/guestnet.js`, ...args], {
    timeoutMs: 200_000,
  });
