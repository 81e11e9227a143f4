import { dirname, join } from "node:path";
import { NETWORK_MANAGER, NETWORKD, type TapProtection } from "../../../doctor/tap-protection.ts";
import type { Reporter } from "../reporter.ts";
import { exists, type Files, type HostSystem } from "../system/files.ts";

/** Paths of the manager's program in distributions: if one exists, the manager is installed. */
const PROGRAMS: Readonly<Record<TapProtection["manager"], readonly string[]>> = {
  "systemd-networkd": ["usr/lib/systemd/systemd-networkd", "lib/systemd/systemd-networkd"],
  NetworkManager: ["usr/sbin/NetworkManager", "usr/bin/NetworkManager"],
};

/** Exists while the manager runs. */
const RUNS: Readonly<Record<TapProtection["manager"], string>> = {
  "systemd-networkd": "/run/systemd/netif/state",
  NetworkManager: "/run/NetworkManager/devices",
};

const ALL = [NETWORKD, NETWORK_MANAGER];

/** The file as the template of the same name has it, without its comments. */
export const protectionText = ({ lines }: TapProtection): string => `${lines.join("\n")}\n`;

const anyExists = async (files: Files, names: readonly string[]): Promise<boolean> =>
  (await Promise.all(names.map((name) => exists(files, name)))).includes(true);

/**
 * Keeps the network managers of a system from changing guests' taps: a file for each that is installed. A file that is there
 * already stays as it is: an administrator may have changed it.
 *
 * @returns the protections that have been written now
 */
export const writeProtections = async (
  files: Files,
  root: string,
  { report }: Reporter,
): Promise<readonly TapProtection[]> => {
  const written: TapProtection[] = [];
  for (const protection of ALL) {
    const { manager, file, packaged } = protection;
    const [isInstalled, isThere] = await Promise.all(
      [PROGRAMS[manager], [file, packaged]].map((names) =>
        anyExists(
          files,
          names.map((name) => join(root, name)),
        ),
      ),
    );
    if (isInstalled !== true || isThere === true) continue;
    const target = join(root, file);
    await files.write(target, protectionText(protection), { mode: 0o644, waitsIn: dirname(target) });
    report(`installed ${target}: ${manager} leaves guests' taps alone`);
    written.push(protection);
  }
  return written;
};

/** Has the managers that run read what was written. */
export const tellManagers = async (
  written: readonly TapProtection[],
  reload: boolean,
  { run, files }: HostSystem,
  { report, warn }: Reporter,
): Promise<void> => {
  for (const { manager, reload: command } of written) {
    if (!(await exists(files, RUNS[manager]))) continue;
    const text = command.join(" ");
    if (!reload) {
      report(`to do: ${text}`);
      continue;
    }
    const [program, ...args] = command;
    const { code, stderr } = await run(program, args);
    if (code === 0) report(`reloaded ${manager}: ${text}`);
    else warn(`${manager} could not be reloaded: ${text}: ${stderr.trim()}`);
  }
};

/** Removes the files that {@link writeProtections} wrote, unless they have been changed. */
export const removeProtections = async (files: Files, root: string, { report }: Reporter): Promise<void> => {
  for (const protection of ALL) {
    const file = join(root, protection.file);
    if ((await files.read(file)) !== protectionText(protection)) continue;
    await files.remove(file);
    report(`removed ${file}`);
  }
};
