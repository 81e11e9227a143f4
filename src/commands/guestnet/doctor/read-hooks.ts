import { accessSync, constants, lstatSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import type { HostReadings, DaemonReading, HookReading } from "../../../doctor/host-readings.ts";
import { type Daemon, runningDaemons } from "../../../run/daemon.ts";
import type { Run } from "../../../kernel/host.ts";
import { hookDigest } from "../install/hook-digest.ts";
import { HOOKS, targetOf, textOf } from "../install/hook-file.ts";
import { heldBy, versionOf } from "../install/hook-place.ts";
import { testHook } from "../install/self-test.ts";
import { TOLD } from "../install/tell-daemon.ts";

const FOLDER = join("/", HOOKS);

const namesIn = (folder: string): readonly string[] => {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
};

const isExecutable = (file: string): boolean => {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

const readHook = (file: string): readonly HookReading[] => {
  // libvirt ignores broken links and directories as well.
  const stat = statSync(file, { throwIfNoEntry: false });
  if (stat?.isFile() !== true) return [];
  const text = textOf(file) ?? "";
  const held = heldBy(text, targetOf(file));
  return [
    {
      ...{ file, executable: isExecutable(file), text },
      ...{ version: versionOf(text), digest: hookDigest(text) },
      whose: held === "link" ? "package" : held === "copy" ? "copy" : "foreign",
      // The package's file has the date of its release; the link says since when it is here.
      writtenAt: held === "link" ? lstatSync(file).mtimeMs : stat.mtimeMs,
    },
  ];
};

/** Returns the files that libvirt runs when a guest starts, in its order. */
export const readHooks = (): readonly HookReading[] =>
  ["qemu", ...namesIn(join(FOLDER, "qemu.d")).map((name) => `qemu.d/${name}`)].flatMap((name) =>
    readHook(join(FOLDER, name)),
  );

/** Returns when a daemon last reloaded its hooks; a newer process with the same PID has not. */
const toldAt = ({ name, pid, startedAt }: Daemon): number | null => {
  const lines = textOf(TOLD)?.split("\n") ?? [];
  return lines.includes(`${name} ${String(pid)} ${String(startedAt)}`) ? statSync(TOLD).mtimeMs : null;
};

/** Returns the daemons of this host, and whether guestnet's hook works in their environment. */
export const readDaemons = async (
  hooks: readonly HookReading[],
  run: Run,
): Promise<{ readonly daemons: readonly DaemonReading[]; readonly selfTest: HostReadings["selfTest"] }> => {
  const running = runningDaemons();
  const daemons = running.map((daemon): DaemonReading => {
    const { name, pid, startedAt, profile } = daemon;
    return { name, pid, startedAt, profile, toldAt: toldAt(daemon) };
  });
  const own = hooks.find(({ whose, executable }) => whose !== "foreign" && executable);
  if (own === undefined) return { daemons, selfTest: null };
  const tested = await testHook(own.file, running[0] ?? null, run);
  return { daemons, selfTest: tested.ok ? { ok: true, said: tested.said } : { ok: false, said: tested.why } };
};
