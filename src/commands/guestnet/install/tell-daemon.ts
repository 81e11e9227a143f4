import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { type Daemon, runningDaemons } from "../../../run/daemon.ts";
import type { Run } from "../../../kernel/host.ts";

/** Lists daemons that have reloaded their hooks; doctor compares its time with that of the hook. */
export const TOLD = "/run/guestnet/told";

/** The result of the reload of one daemon. */
export interface Told {
  readonly daemon: Daemon;
  /** The command that was run, or that you run. */
  readonly command: string;
  /** The error, or null. */
  readonly failed: string | null;
}

const tell = async (daemon: Daemon, run: Run): Promise<Told> => {
  const { name, pid } = daemon;
  if (existsSync("/run/systemd/system")) {
    const args = ["reload", `${name}.service`];
    const { code, stderr } = await run("systemctl", args);
    return { daemon, command: `systemctl ${args.join(" ")}`, failed: code === 0 ? null : stderr.trim() };
  }
  const command = `kill -HUP ${String(pid)}`;
  try {
    process.kill(pid, "SIGHUP");
    return { daemon, command, failed: null };
  } catch (error) {
    return { daemon, command, failed: error instanceof Error ? error.message : String(error) };
  }
};

/**
 * A daemon looks for hooks when it starts and at SIGHUP (virHookInitialize, daemonReloadHandlerThread): without that, one
 * that started without any hook never calls one.
 */
export const tellDaemons = async (run: Run): Promise<readonly Told[]> => {
  const all: Told[] = [];
  for (const daemon of runningDaemons()) all.push(await tell(daemon, run));
  if (all.some(({ failed }) => failed === null)) {
    mkdirSync("/run/guestnet", { recursive: true });
    const lines = all.map(
      ({ daemon: { name, pid, startedAt } }) => `${name} ${String(pid)} ${String(startedAt)}\n`,
    );
    writeFileSync(TOLD, lines.join(""));
  }
  return all;
};
