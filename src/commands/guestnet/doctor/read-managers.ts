import { join } from "node:path";
import type { ManagerFile } from "../../../doctor/host-readings.ts";
import type { HostReadings } from "../../../doctor/host-readings.ts";
import { exists, type Files, type HostSystem } from "../system/files.ts";

/** Directories of networkd; a file hides those of the same name in later ones (systemd.network(5)). */
const FOLDERS = ["/etc/systemd/network", "/run/systemd/network", "/usr/lib/systemd/network"];

/** Returns networkd's files in the order of their names, if it runs. */
export const readNetworkFiles = async (files: Files): Promise<readonly ManagerFile[]> => {
  if (!(await exists(files, "/run/systemd/netif/state"))) return [];
  const found = new Map<string, string>();
  const listed = await Promise.all(FOLDERS.map((folder) => files.names(folder)));
  for (const [at, folder] of FOLDERS.entries()) {
    for (const name of listed[at] ?? []) {
      if (name.endsWith(".network") && !found.has(name)) found.set(name, join(folder, name));
    }
  }
  const inOrder = [...found].sort(([a], [b]) => (a < b ? -1 : 1));
  return Promise.all(inOrder.map(async ([, file]) => ({ file, text: (await files.read(file)) ?? "" })));
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
export const readNetworkManager = async ({
  run,
  files,
}: HostSystem): Promise<HostReadings["networkManager"]> => {
  if (!(await exists(files, "/run/NetworkManager/devices"))) return null;
  try {
    const listed = await run("nmcli", ["-t", "-f", "DEVICE,STATE", "device"]);
    if (listed.code !== 0) return null;
    const { stdout } = await run("NetworkManager", ["--print-config"]);
    const unmanaged = /^unmanaged-devices=(.*)$/m.exec(stdout)?.[1] ?? "";
    const repairs = (await Promise.all(DISPATCHERS.map((file) => exists(files, file)))).includes(true);
    return { unmanaged, devices: devicesIn(listed.stdout), repairs };
  } catch {
    return null;
  }
};

/** Returns whether SELinux permits hooks to do their work, or null without SELinux. */
export const readSelinux = async ({ run, files }: HostSystem): Promise<HostReadings["selinux"]> => {
  if (!(await exists(files, "/sys/fs/selinux/enforce"))) return null;
  const { code, stdout } = await run("getsebool", ["virt_hooks_unconfined"]);
  return { hooksUnconfined: code === 0 ? stdout.includes("--> on") : null };
};
