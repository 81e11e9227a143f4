import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { NetworkFile } from "../../../doctor/host-readings.ts";
import type { HostReadings } from "../../../doctor/host-readings.ts";
import type { Run } from "../../../kernel/host.ts";
import { textOf } from "../install/hook-file.ts";

/** Where networkd looks; a file of the same name further up hides one below (systemd.network(5)). */
const FOLDERS = ["/etc/systemd/network", "/run/systemd/network", "/usr/lib/systemd/network"];

const namesIn = (folder: string): readonly string[] => (existsSync(folder) ? readdirSync(folder) : []);

/** networkd's files in the order of their names, if it runs. */
export const readNetworkFiles = (): readonly NetworkFile[] => {
  if (!existsSync("/run/systemd/netif/state")) return [];
  const files = new Map<string, string>();
  for (const folder of FOLDERS) {
    for (const name of namesIn(folder)) {
      if (name.endsWith(".network") && !files.has(name)) files.set(name, join(folder, name));
    }
  }
  return [...files]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, file]) => ({ file, text: textOf(file) ?? "" }));
};

/** Devices that NetworkManager itself has set up: not those that it only shows as "connected (externally)". */
export const readManaged = async (run: Run): Promise<HostReadings["managed"]> => {
  if (!existsSync("/run/NetworkManager")) return [];
  try {
    const { code, stdout } = await run("nmcli", ["-t", "-f", "DEVICE,STATE", "device"]);
    if (code !== 0) return [];
    return stdout.split("\n").flatMap((line) => /^(.+):(connected|connecting.*)$/.exec(line)?.[1] ?? []);
  } catch {
    // Without nmcli nobody can be asked.
    return [];
  }
};

/** Whether SELinux lets hooks do their work, where it is. */
export const readSelinux = async (run: Run): Promise<HostReadings["selinux"]> => {
  if (!existsSync("/sys/fs/selinux/enforce")) return null;
  const { code, stdout } = await run("getsebool", ["virt_hooks_unconfined"]);
  return { hooksUnconfined: code === 0 ? stdout.includes("--> on") : null };
};
