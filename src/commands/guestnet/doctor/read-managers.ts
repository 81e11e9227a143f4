import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { NetworkFile } from "../../../doctor/host-readings.ts";
import type { HostReadings } from "../../../doctor/host-readings.ts";
import type { Run } from "../../../kernel/host.ts";
import { textOf } from "../install/hook-file.ts";

/** Directories of networkd; a file hides those of the same name in later ones (systemd.network(5)). */
const FOLDERS = ["/etc/systemd/network", "/run/systemd/network", "/usr/lib/systemd/network"];

const namesIn = (folder: string): readonly string[] => (existsSync(folder) ? readdirSync(folder) : []);

/** Returns networkd's files in the order of their names, if it runs. */
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

/** Paths of guestnet's script, from an administrator or a package (NetworkManager-dispatcher(8)). */
const DISPATCHERS = ["/etc", "/usr/lib"].map((folder) => `${folder}/NetworkManager/dispatcher.d/50-guestnet`);

/** Returns the devices of `nmcli -t -f DEVICE,STATE device`, which escapes colons in names. */
const devicesIn = (text: string): ReadonlyMap<string, string> =>
  new Map(
    text.split("\n").flatMap((line) => {
      const found =
        /^(.+?):((?:connected|connecting|disconnected|deactivating|unavailable|unmanaged).*)$/.exec(line);
      return found === null ? [] : [[(found[1] ?? "").replaceAll("\\", ""), found[2] ?? ""] as const];
    }),
  );

/** Returns NetworkManager's configuration and devices, or null without NetworkManager or nmcli. */
export const readNetworkManager = async (run: Run): Promise<HostReadings["networkManager"]> => {
  if (!existsSync("/run/NetworkManager/devices")) return null;
  try {
    const listed = await run("nmcli", ["-t", "-f", "DEVICE,STATE", "device"]);
    if (listed.code !== 0) return null;
    const { stdout } = await run("NetworkManager", ["--print-config"]);
    const unmanaged = /^unmanaged-devices=(.*)$/m.exec(stdout)?.[1] ?? "";
    const repairs = DISPATCHERS.some((file) => existsSync(file));
    return { unmanaged, devices: devicesIn(listed.stdout), repairs };
  } catch {
    return null;
  }
};

/** Returns whether SELinux permits hooks to do their work, or null without SELinux. */
export const readSelinux = async (run: Run): Promise<HostReadings["selinux"]> => {
  if (!existsSync("/sys/fs/selinux/enforce")) return null;
  const { code, stdout } = await run("getsebool", ["virt_hooks_unconfined"]);
  return { hooksUnconfined: code === 0 ? stdout.includes("--> on") : null };
};
