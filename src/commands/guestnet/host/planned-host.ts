import { dirname } from "node:path";
import { readText } from "../../../files/read-file.ts";
import type { Format } from "../../../host-network/format-names.ts";
import { isWritten } from "../../../host-network/host-file.ts";
import type { HostNetwork } from "../../../host-network/host-network.ts";
import { renderHost } from "../../../host-network/render.ts";
import { toHostNetwork } from "../../../host-network/to-host-network.ts";
import { type Difference, differencesOf } from "../../../host-trial/differences.ts";
import { managerOf } from "../../../host-trial/managers.ts";
import type { Host } from "../../../kernel/host.ts";
import { readLiveNetwork } from "../../../run/read-live-network.ts";
import { parseSite } from "../../../site/site.ts";
import { Failure } from "../../../values/failure.ts";
import { renderIssue } from "../../../values/issue.ts";
import { exists, type System } from "../system/files.ts";

/** A host.json with the network that it describes. */
export interface WantedHost {
  readonly text: string;
  readonly network: HostNetwork;
}

/** Returns the network that a host.json's text describes, or what is wrong with it, a line each. */
const toWanted = (file: string, text: string): WantedHost | readonly string[] => {
  const site = parseSite(text);
  if (!site.ok) return site.problems.map((issue) => renderIssue(file, issue));
  const network = toHostNetwork(site.value);
  return network.links.length === 0
    ? [`${file}: error: bridges: required for a network, found none [missing-key]`]
    : { text, network };
};

/** Reads a host.json, and reports what is wrong with it. @returns null if something is */
export const readWanted = async (file: string): Promise<WantedHost | null> => {
  const wanted = toWanted(file === "-" ? "<stdin>" : file, await readText(file));
  if ("network" in wanted) return wanted;
  process.stderr.write(`${wanted.join("\n")}\n`);
  return null;
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
  readonly format: Format;
  readonly files: readonly FileChange[];
  readonly differences: readonly Difference[];
}

/** A host as far as a plan reads it. */
export interface LookedAt extends System {
  readonly host: Pick<Host, "run" | "readSysctl">;
}

const findManager = async ({ run, files }: System): Promise<Format> => {
  const isActive = async (unit: string): Promise<boolean> =>
    (await run("systemctl", ["is-active", "--quiet", unit])).code === 0;
  const netplan = (await files.names("/etc/netplan")).some((name) => name.endsWith(".yaml"));
  const found = managerOf({
    netplan,
    networkManager: await isActive("NetworkManager"),
    networkd: await isActive("systemd-networkd"),
    script: await exists(files, "/usr/local/sbin/guestnet-host"),
    ifreload: (await exists(files, "/usr/sbin/ifreload")) || (await exists(files, "/sbin/ifreload")),
    interfaces: await exists(files, "/etc/network/interfaces"),
  });
  if (found !== null) return found;
  throw new Failure("cannot find this host's network manager", "name it by --format");
};

/** Files of an earlier `genxml host`, beside the present ones, that host.json no longer asks for. */
const staleFiles = async (paths: readonly string[], { files }: System): Promise<readonly string[]> => {
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

/**
 * Compares a host with its host.json. It changes nothing, and may be done again with the same answers.
 *
 * @param format null for the network manager that is found
 * @param removed files of the administrator's that configure the same devices, and are to go
 */
export const planHost = async (
  { network }: WantedHost,
  format: Format | null,
  removed: readonly string[],
  looked: LookedAt,
): Promise<PlannedHost> => {
  const { files, host } = looked;
  const manager = format ?? (await findManager(looked));
  const wanted = renderHost(network, manager).map(({ path, ...file }) => ({ path: `/${path}`, ...file }));
  const changes: FileChange[] = [];
  for (const { path, text, mode } of wanted) {
    const before = await files.read(path);
    const state = await files.state(path);
    if (before !== text || state?.mode !== mode) changes.push({ path, before, next: { text, mode } });
  }
  const stale = await staleFiles(
    wanted.map(({ path }) => path),
    looked,
  );
  for (const path of new Set([...stale, ...removed])) {
    const before = await files.read(path);
    if (before === null) {
      // Removed already: a plan after a trial with the same command line.
      continue;
    }
    changes.push({ path, before, next: null });
  }
  return {
    format: manager,
    files: changes,
    differences: differencesOf(network, await readLiveNetwork(host)),
  };
};
