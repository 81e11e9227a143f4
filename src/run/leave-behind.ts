import { existsSync, readFileSync } from "node:fs";
import { ENVIRONMENT } from "./environment.ts";

/** bash waits without a process for each pause; the head knows what to do in a shell that cannot. */
const SHELLS = ["/bin/bash", "/bin/sh"] as const;

/**
 * Leaves a process behind that outlives us: the head of this very hook, a shell that waits for the first frame on one of the taps. It
 * has a session of its own and none of our pipes, to the end of which libvirt reads. It is told all by arguments, each of which is data.
 *
 * @returns its process ID
 * @throws (rejects) where no process can be started, or a tap is gone
 */
export const leaveBehind = async (
  hook: string,
  told: readonly string[],
  taps: readonly string[],
): Promise<number> => {
  // A device of the same name that is made later is another one.
  const known = taps.map((tap) => `${tap}:${readFileSync(`/sys/class/net/${tap}/ifindex`, "utf8").trim()}`);
  const options = { detached: true, stdio: "ignore", cwd: "/", env: ENVIRONMENT } as const;
  const shell = SHELLS.find((one) => existsSync(one)) ?? "/bin/sh";
  const { spawn } = await import("node:child_process");
  const child = spawn(shell, [hook, ...told, ...known], options);
  // Said below, where it has no process ID.
  child.on("error", () => undefined);
  child.unref();
  if (child.pid === undefined) throw new Error("no process could be started that waits for the guest");
  return child.pid;
};
