import { realpathSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { deadline } from "../../../run/deadline.ts";
import { runUntil } from "../../../run/run-child.ts";
import { Failure } from "../../../values/failure.ts";
import { expectDirectory } from "../../../files/write-file.ts";
import { onStderr, type Reporter } from "../reporter.ts";
import { runningDaemons } from "../system/daemons.ts";
import type { HostSystem } from "../system/files.ts";
import { filesHere } from "../system/files-here.ts";
import { expectRoot } from "../this-host.ts";
import { candidates, findEngine, isPlain, NOT_PLAIN } from "./find-engine.ts";
import { HOOKS, linkHook, look, packagedHook, removeHook, writeHook } from "./hook-file.ts";
import { choosePlace, MAIN_HOOK, PACKAGED, PART_HOOK, versionOf } from "./hook-place.ts";
import { tellManagers, writeProtections } from "./protect-taps.ts";
import { label } from "./selinux.ts";
import { testHook } from "./self-test.ts";
import { tellDaemons } from "./tell-daemon.ts";

/** How the hook is installed on a host. */
export interface HookOptions {
  /** The JavaScript engine for the hook, or null to look for one. */
  readonly engine: string | null;
  readonly reload: boolean;
}

export interface InstallOptions extends HookOptions {
  /** The system to install into: `/`, or an image that is mounted somewhere. */
  readonly root: string;
}

/** A hook that takes longer than this before its first line delays every start of a guest noticeably. */
const SLOW_MS = 100;
const ALL_ENDS_MS = 60_000;

/** The hook beside this program, or where that has come without one, this system's package guestnet-hook's. */
const builtHook = async (): Promise<string> => {
  const beside = join(dirname(realpathSync(process.argv[1] ?? "")), "hooks/qemu");
  const built = (await filesHere.read(beside)) ?? (await packagedHook(filesHere, "/"));
  if (built === null)
    throw new Failure("cannot find the hook on this system", "install the package guestnet-hook");
  return built;
};

/** @param engine null leaves it to the hook, which looks for one whenever it runs */
const hookText = async (engine: string | null): Promise<string> => {
  const built = await builtHook();
  return engine === null ? built : built.replace(/^engine=.*$/m, () => `engine=${engine}`);
};

/** A system, and what tells people about it. */
interface Work {
  readonly system: HostSystem;
  readonly reporter: Reporter;
}

/** @param paths where an engine may be */
const pickEngine = async (
  engine: string | null,
  paths: readonly string[],
  { system, reporter: { report, warn } }: Work,
): Promise<string> => {
  const found = await findEngine(engine === null ? paths : [engine], system);
  if (found.kind === "none") {
    throw new Failure(
      `cannot find a JavaScript engine for the hook: ${found.tried.join("; ")}`,
      engine === null ? "apt install quickjs" : "guestnet install",
    );
  }
  report(`${found.name}: ${found.path}`);
  if (found.startMs > SLOW_MS) {
    warn(
      `${found.path} takes ${found.startMs.toFixed(0)} ms to start, and does so up to twice at each start of a guest`,
    );
  }
  return found.path;
};

/** Files that the hook of version 0.1.0 kept, and no later one reads. */
const KEPT_BY_OLDER = ["/run/guestnet/compiled", "/run/guestnet/runs"] as const;

/** Puts the hook in its place, and removes other hooks of guestnet, which libvirt would run as well. @returns the file */
const place = async (
  root: string,
  packaged: string | null,
  engine: string | null,
  { system: { files }, reporter: { report } }: Work,
): Promise<string> => {
  const held = await look(files, root);
  const { place: where, superfluous } = choosePlace(held[MAIN_HOOK], held[PART_HOOK], packaged !== null);
  const file = join(root, HOOKS, where);
  if (packaged !== null && held[PART_HOOK] === "foreign") {
    throw new Failure(
      `cannot install the hook of the package guestnet-hook: ${file} is a third-party hook`,
      `mv ${file} /root/`,
    );
  }
  const changed =
    packaged === null
      ? await writeHook(files, root, where, await hookText(engine))
      : await linkHook(files, root, where);
  if (held[MAIN_HOOK] === "foreign")
    report(`${join(root, HOOKS, MAIN_HOOK)} is a third-party hook and stays; libvirt runs both`);
  if (packaged === null) report(changed ? `installed ${file}` : `${file} is already this version`);
  else
    report(`${changed ? "linked" : "there is already"} ${file} -> ${PACKAGED}, of the package guestnet-hook`);
  for (const other of superfluous) {
    await removeHook(files, root, other);
    report(`removed ${join(root, HOOKS, other)}: libvirt would have run the hook twice`);
  }
  return file;
};

/** What cannot be done to a hook that a package manager looks after. */
const respectPackage = (packaged: string, engine: string | null, { warn }: Reporter): void => {
  if (engine !== null) {
    throw new Failure(
      `cannot use the engine ${engine}: the hook of the package guestnet-hook finds its engine itself`,
      "install quickjs or nodejs instead of --engine",
    );
  }
  const version = versionOf(packaged);
  if (version !== VERSION)
    warn(
      `the package guestnet-hook is version ${version ?? "unknown"}, this program is ${VERSION}: update it`,
    );
};

/**
 * Installs the hook on a host that runs.
 *
 * @param engines where its JavaScript engine may be
 * @returns the exit code: 0, or 1 when the hook is in place but would not be run
 */
export const installOn = async (
  work: Work,
  { engine, reload }: HookOptions,
  engines: readonly string[],
): Promise<0 | 1> => {
  const { system, reporter } = work;
  const { report, warn } = reporter;
  const packaged = await packagedHook(system.files, "/");
  if (packaged !== null) respectPackage(packaged, engine, reporter);
  const daemons = await runningDaemons(system.files);
  const file = await place(
    "/",
    packaged,
    packaged === null ? await pickEngine(engine, engines, work) : null,
    work,
  );
  await tellManagers(await writeProtections(system.files, "/", reporter), reload, system, reporter);
  for (const folder of KEPT_BY_OLDER) await system.files.remove(folder);
  for (const hint of await label(join("/", HOOKS), system)) warn(hint);
  const tested = await testHook(file, daemons[0] ?? null, system.run);
  if (!tested.ok) {
    warn(`self-test of ${file}: ${tested.why}`);
    return 1;
  }
  const within = tested.confinedBy === null ? "" : `, within AppArmor's profile ${tested.confinedBy}`;
  report(`self-test, as the daemon runs it${within}: ${tested.said}`);
  if (daemons.length === 0) report("no libvirt daemon runs: it looks for hooks when it starts");
  if (!reload) {
    for (const { name } of daemons) report(`to do: systemctl reload ${name}`);
    return 0;
  }
  const told = await tellDaemons(system);
  for (const { command, failed } of told) {
    if (failed === null) report(`told the daemon to look for hooks again: ${command}`);
    else warn(`the daemon could not be told to look for hooks again: ${command}: ${failed}`);
  }
  return told.some(({ failed }) => failed !== null) ? 1 : 0;
};

/** Installs the hook into the image of a system; nothing runs there. */
const installInto = async (root: string, engine: string | null, work: Work): Promise<0> => {
  const { system, reporter } = work;
  const packaged = await packagedHook(system.files, root);
  if (packaged !== null) respectPackage(packaged, engine, reporter);
  if (engine !== null && !isPlain(engine))
    throw new Failure(`cannot use the engine ${engine}: ${NOT_PLAIN}`, "name it by its path in the image");
  await place(root, packaged, engine, work);
  await writeProtections(system.files, root, reporter);
  reporter.report("the daemon of an image looks for hooks when it starts");
  return 0;
};

/** `guestnet install`. @returns the exit code: 0, or 1 when the hook is in place but would not be run */
export const installCommand = async ({ root, engine, reload }: InstallOptions): Promise<0 | 1> => {
  const run = runUntil(deadline(Date.now() + ALL_ENDS_MS));
  const work: Work = { system: { run, files: filesHere }, reporter: onStderr };
  const target = resolve(root);
  if (target !== "/") {
    expectDirectory(root);
    return installInto(target, engine, work);
  }
  expectRoot("install");
  return installOn(work, { engine, reload }, candidates(process.env["PATH"] ?? "", process.execPath));
};
