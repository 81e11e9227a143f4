import { type Daemon, runningDaemons } from "../system/daemons.ts";
import { exists, type HostSystem } from "../system/files.ts";

const FOLDER = "/run/guestnet";

/** Lists daemons that have reloaded their hooks; doctor compares its time with that of the hook. */
export const TOLD = `${FOLDER}/told`;

/** The result of the reload of one daemon. */
export interface Told {
  readonly daemon: Daemon;
  /** The command that was run, or that you run. */
  readonly command: string;
  /** The error, or null. */
  readonly failed: string | null;
}

const tell = async (daemon: Daemon, { run, files }: HostSystem): Promise<Told> => {
  const { name, pid } = daemon;
  const said = ({ code, stderr }: Awaited<ReturnType<typeof run>>): string | null =>
    code === 0 ? null : stderr.trim();
  if (await exists(files, "/run/systemd/system")) {
    const args = ["reload", `${name}.service`];
    return { daemon, command: `systemctl ${args.join(" ")}`, failed: said(await run("systemctl", args)) };
  }
  // The shell has kill(1) itself.
  const signal = await run("sh", ["-c", 'kill -HUP "$1"', "sh", String(pid)]);
  return { daemon, command: `kill -HUP ${String(pid)}`, failed: said(signal) };
};

/**
 * A daemon looks for hooks when it starts and at SIGHUP (virHookInitialize, daemonReloadHandlerThread): without that, one
 * that started without any hook never calls one.
 */
export const tellDaemons = async (system: HostSystem): Promise<readonly Told[]> => {
  const all: Told[] = [];
  for (const daemon of await runningDaemons(system.files)) all.push(await tell(daemon, system));
  if (all.some(({ failed }) => failed === null)) {
    const lines = all.map(
      ({ daemon: { name, pid, startedAt } }) => `${name} ${String(pid)} ${String(startedAt)}\n`,
    );
    await system.files.write(TOLD, lines.join(""), { mode: 0o644, waitsIn: FOLDER });
  }
  return all;
};
