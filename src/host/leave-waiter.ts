import { spawn } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { ENVIRONMENT } from "./environment.ts";

/** What a waiter is told: see `promote` in hooks/head.sh. */
export interface Waiter {
  readonly guest: string;
  readonly marker: string;
  readonly taps: readonly string[];
  readonly promote: string;
  readonly settle: string;
}

/**
 * Leaves a process behind that outlives us: the head of this very hook, a shell that waits for the first frame of a guest. It has a
 * session of its own and none of our pipes, to the end of which libvirt reads. The marker then names it.
 */
export const leaveWaiter = (hook: string, { guest, marker, taps, promote, settle }: Waiter): void => {
  // A device of the same name that is made later is another one.
  const known = taps.map((tap) => `${tap}:${readFileSync(`/sys/class/net/${tap}/ifindex`, "utf8").trim()}`);
  const args = [hook, guest, "promote", marker, promote, settle, ...known];
  const child = spawn("/bin/sh", args, { detached: true, stdio: "ignore", cwd: "/", env: ENVIRONMENT });
  // Said below, where it has no process ID.
  child.on("error", () => undefined);
  if (child.pid === undefined) throw new Error("no process could be started that waits for the guest");
  mkdirSync(dirname(marker), { recursive: true });
  writeFileSync(marker, `waiter ${String(child.pid)}\n`);
  child.unref();
};
