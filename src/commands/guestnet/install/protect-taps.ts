import { existsSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { NETWORK_MANAGER, NETWORKD, type TapProtection } from "../../../doctor/tap-protection.ts";
import type { Run } from "../../../kernel/host.ts";
import { makeDirectory, writeChanged } from "../../../files/write-file.ts";
import { report, warn } from "../report.ts";
import { textOf } from "./hook-file.ts";

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

/**
 * Keeps the network managers of a system from changing guests' taps: a file for each that is installed. A file that is there
 * already stays as it is: an administrator may have changed it.
 *
 * @returns the protections that have been written now
 */
export const writeProtections = (root: string): readonly TapProtection[] =>
  ALL.filter((protection) => {
    const { manager, file, packaged } = protection;
    const isInstalled = PROGRAMS[manager].some((program) => existsSync(join(root, program)));
    if (!isInstalled || [file, packaged].some((one) => existsSync(join(root, one)))) return false;
    makeDirectory(dirname(join(root, file)));
    writeChanged(join(root, file), protectionText(protection));
    report(`installed ${join(root, file)}: ${manager} leaves guests' taps alone`);
    return true;
  });

/** Has the managers that run read what was written. */
export const tellManagers = async (
  written: readonly TapProtection[],
  reload: boolean,
  run: Run,
): Promise<void> => {
  for (const { manager, reload: command } of written) {
    if (!existsSync(RUNS[manager])) continue;
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
export const removeProtections = (root: string): void => {
  for (const protection of ALL) {
    const file = join(root, protection.file);
    if (textOf(file) !== protectionText(protection)) continue;
    rmSync(file);
    report(`removed ${file}`);
  }
};
