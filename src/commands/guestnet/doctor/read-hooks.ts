import { join } from "node:path";
import type { HostReadings, DaemonReading, HookReading } from "../../../doctor/host-readings.ts";
import { type Daemon, runningDaemons } from "../system/daemons.ts";
import { type Files, isExecutable, type HostSystem } from "../system/files.ts";
import { hookDigest } from "../install/hook-digest.ts";
import { HOOKS } from "../install/hook-file.ts";
import { hookContent, versionOf } from "../install/hook-place.ts";
import { testHook } from "../install/self-test.ts";
import { TOLD } from "../install/tell-daemon.ts";

const FOLDER = join("/", HOOKS);

const readHook = async (file: string, files: Files): Promise<readonly HookReading[]> => {
  const [state, link] = await Promise.all([files.state(file), files.readLink(file)]);
  // libvirt ignores broken links and directories as well.
  if (state?.kind !== "file") return [];
  const text = (await files.read(file)) ?? "";
  const held = hookContent(text, link?.target ?? null);
  return [
    {
      ...{ file, executable: isExecutable(state), text },
      ...{ version: versionOf(text), digest: hookDigest(text) },
      whose: held === "link" ? "package" : held === "copy" ? "copy" : "foreign",
      // The package's file has the date of its release; the link says since when it is here.
      writtenAt: held === "link" ? (link?.madeAt ?? 0) : state.writtenAt,
    },
  ];
};

/** Returns the files that libvirt runs when a guest starts, in its order. */
export const readHooks = async (files: Files): Promise<readonly HookReading[]> => {
  const parts = [...(await files.names(join(FOLDER, "qemu.d")))].sort();
  const names = ["qemu", ...parts.map((name) => `qemu.d/${name}`)];
  return (await Promise.all(names.map((name) => readHook(join(FOLDER, name), files)))).flat();
};

/** Returns when a daemon last reloaded its hooks; a newer process with the same PID has not. */
const toldAt = ({ name, pid, startedAt }: Daemon, told: string, at: number | null): number | null =>
  told.split("\n").includes(`${name} ${String(pid)} ${String(startedAt)}`) ? at : null;

/** Returns the daemons of a host, and whether guestnet's hook works in their environment. */
export const readDaemons = async (
  hooks: readonly HookReading[],
  { run, files }: HostSystem,
): Promise<{ readonly daemons: readonly DaemonReading[]; readonly selfTest: HostReadings["selfTest"] }> => {
  const [running, told, state] = await Promise.all([
    runningDaemons(files),
    files.read(TOLD),
    files.state(TOLD),
  ]);
  const daemons = running.map((daemon): DaemonReading => {
    const { name, pid, startedAt, profile } = daemon;
    return { name, pid, startedAt, profile, toldAt: toldAt(daemon, told ?? "", state?.writtenAt ?? null) };
  });
  const own = hooks.find(({ whose, executable }) => whose !== "foreign" && executable);
  if (own === undefined) return { daemons, selfTest: null };
  const tested = await testHook(own.file, running[0] ?? null, run);
  return { daemons, selfTest: tested.ok ? { ok: true, said: tested.said } : { ok: false, said: tested.why } };
};
