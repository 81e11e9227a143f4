import { dirname } from "node:path";
import type { HostFormat } from "../../../host-network/format-names.ts";
import { isWritten } from "../../../host-network/host-file.ts";
import { renderHost } from "../../../host-network/render.ts";
import { type Difference, differencesOf } from "../../../host-trial/differences.ts";
import { managersOf } from "../../../host-trial/managers.ts";
import type { Host } from "../../../kernel/host.ts";
import { readLiveNetwork } from "../../../run/read-live-network.ts";
import { Failure } from "../../../values/failure.ts";
import { type DescribedHost, networkWarnings, readHostNetwork } from "../../genxml/input/host-network.ts";
import { renderReport } from "../../genxml/issue-report.ts";
import { exists, type HostSystem } from "../system/files.ts";

const REPORT = { json: false, strict: false, quiet: false } as const;

/** Reads a host.json, and reports what is wrong with it. @returns null if something is */
export const readWanted = async (file: string): Promise<DescribedHost | null> => {
  const host = await readHostNetwork(file);
  if ("network" in host) return host;
  process.stderr.write(renderReport(host, REPORT, "guestnet"));
  return null;
};

/** Reports what is doubtful about a host's network, as its network manager makes it. */
export const warnOf = (host: DescribedHost, format: HostFormat): void => {
  process.stderr.write(renderReport(networkWarnings(host, format), REPORT, "guestnet"));
};

/** A file that is to change. */
export interface FileChange {
  readonly path: string;
  /** Null for a new file. */
  readonly before: string | null;
  /** Null for one that goes. */
  readonly next: { readonly text: string; readonly mode: number } | null;
}

/** What `guestnet host try` would do. */
export interface PlannedHost {
  readonly format: HostFormat;
  readonly files: readonly FileChange[];
  readonly differences: readonly Difference[];
}

/** A host as far as a plan reads it. */
export interface ReadableHost extends HostSystem, Pick<Host, "readSysctl"> {}

const findManager = async ({ run, files }: HostSystem): Promise<HostFormat> => {
  const isActive = async (unit: string): Promise<boolean> =>
    (await run("systemctl", ["is-active", "--quiet", unit])).code === 0;
  const netplan = (await files.names("/etc/netplan")).some((name) => name.endsWith(".yaml"));
  const found = managersOf({
    netplan,
    networkManager: await isActive("NetworkManager"),
    networkd: await isActive("systemd-networkd"),
    script: await exists(files, "/usr/local/sbin/guestnet-host"),
    ifreload: (await exists(files, "/usr/sbin/ifreload")) || (await exists(files, "/sbin/ifreload")),
    interfaces: await exists(files, "/etc/network/interfaces"),
  });
  const [only, ...more] = found;
  if (only === undefined) throw new Failure("cannot find the host's network manager", "name it by --format");
  if (more.length === 0) return only;
  throw new Failure(
    `cannot choose the host's network manager: it has ${found.join(" and ")}`,
    `name the one that is to have the devices of host.json by --format`,
  );
};

/** Files of an earlier `genxml host`, beside the present ones, that host.json no longer asks for. */
const staleFiles = async (paths: readonly string[], { files }: HostSystem): Promise<readonly string[]> => {
  const stale: string[] = [];
  for (const directory of new Set(paths.map(dirname))) {
    for (const name of await files.names(directory)) {
      const path = `${directory}/${name}`;
      if (paths.includes(path) || (await files.state(path))?.kind !== "file") continue;
      if (isWritten((await files.read(path)) ?? "")) stale.push(path);
    }
  }
  return stale;
};

const cannotRemove = (path: string, why: string): Failure =>
  new Failure(`cannot remove ${path}: ${why}`, "correct --remove, or omit it");

/**
 * Compares a host with its host.json. It changes nothing, and may be done again with the same answers.
 *
 * @param format null for the network manager that is found
 * @param removed files of the administrator's that configure the same devices, and are to go
 */
export const planHost = async (
  { network }: DescribedHost,
  format: HostFormat | null,
  removed: readonly string[],
  looked: ReadableHost,
): Promise<PlannedHost> => {
  const { files } = looked;
  const manager = format ?? (await findManager(looked));
  const wanted = renderHost(network, manager).map(({ path, ...file }) => ({ path: `/${path}`, ...file }));
  const changes: FileChange[] = [];
  for (const { path, text, mode } of wanted) {
    const before = await files.read(path);
    const state = await files.state(path);
    if (before !== text || state?.mode !== mode) changes.push({ path, before, next: { text, mode } });
  }
  const paths = wanted.map(({ path }) => path);
  for (const path of new Set([...(await staleFiles(paths, looked)), ...removed])) {
    const state = await files.state(path);
    if (paths.includes(path)) throw cannotRemove(path, "host.json writes it");
    if (state === null) throw cannotRemove(path, "it does not exist");
    if (state.kind !== "file") throw cannotRemove(path, "it is not a file");
    changes.push({ path, before: await files.read(path), next: null });
  }
  return {
    format: manager,
    files: changes,
    differences: differencesOf(network, await readLiveNetwork(looked)),
  };
};
