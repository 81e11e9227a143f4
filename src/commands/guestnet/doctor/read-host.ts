import type { HostReadings, InactiveGuest, VersionReading } from "../../../doctor/host-readings.ts";
import type { LiveDomain } from "../../../guest/nic.ts";
import { parseStartRecord, STARTS } from "../../../hook/start-record.ts";
import type { Host } from "../../../kernel/host.ts";
import { readDefined, readInactive, type Virsh } from "../../../run/virsh.ts";
import { type ReadDomain, toDomains } from "../../../survey/survey.ts";
import type { Files } from "../system/files.ts";
import { readGuests } from "../this-host.ts";
import { readDaemons, readHooks } from "./read-hooks.ts";
import { readAdvertised, readLinks, readProxies } from "./read-links.ts";
import { readNetworkFiles, readNetworkManager, readSelinux } from "./read-managers.ts";
import { readTables } from "./read-tables.ts";
import { unlessFailing } from "./unless-failing.ts";

/** A host to examine, whichever it is. */
export interface Examined {
  readonly host: Host;
  readonly virsh: Virsh;
  readonly files: Files;
}

const versionOf = ({ host }: Examined, file: string, option: string): Promise<VersionReading> =>
  unlessFailing<VersionReading>(
    async () => {
      const { stdout } = await host.run(file, [option]);
      const text = /\d+(\.\d+)+/.exec(stdout)?.[0];
      return text === undefined
        ? { kind: "none", why: `${file} ${option} shows no version` }
        : { kind: "version", text };
    },
    (why) => ({ kind: "none", why }),
  );

const libvirtVersion = ({ virsh }: Examined): Promise<VersionReading> =>
  unlessFailing<VersionReading>(
    async () => {
      const { stdout } = await virsh("version", "--daemon");
      const text = /daemon: (\S+)/.exec(stdout)?.[1];
      return text === undefined
        ? { kind: "none", why: "the daemon reports no version" }
        : { kind: "version", text };
    },
    (why) => ({ kind: "none", why }),
  );

const domainsOf = (read: () => Promise<readonly ReadDomain[]>): Promise<readonly LiveDomain[]> =>
  unlessFailing<readonly LiveDomain[]>(
    async () => (await read()).flatMap((one) => (one.kind === "read" ? [one.domain] : [])),
    () => [],
  );

const inactiveOf = (live: Examined): Promise<readonly InactiveGuest[]> =>
  unlessFailing<readonly InactiveGuest[]>(
    async () => {
      const { xmls, autostart } = await readInactive(live.virsh);
      return toDomains(xmls).flatMap((one) => {
        if (one.kind !== "read" || one.domain.nics.length === 0) return [];
        const { domain } = one;
        const { uuid } = domain;
        return [
          {
            domain,
            autostart: autostart.has(uuid),
            record: parseStartRecord(live.host.readFile(`${STARTS}/${uuid}`)),
          },
        ];
      });
    },
    () => [],
  );

/** Waits for all readings at once, each under its name. */
const allOf = async <T extends object>(readings: {
  readonly [K in keyof T]: Promise<T[K]>;
}): Promise<T> => {
  const read = Object.entries<Promise<unknown>>(readings).map(
    async ([name, one]) => [name, await one] as const,
  );
  // Each name keeps its own type.
  return Object.fromEntries(await Promise.all(read)) as T;
};

/** Reads a host as far as the checks ask. It changes nothing, and may be done again with the same answers. */
export const readHost = async (live: Examined): Promise<HostReadings> => {
  const { host, files } = live;
  const system = { run: host.run, files };
  const hooks = await readHooks(files);
  const { kernel, iproute2, nft, libvirt, daemons, ...readings } = await allOf({
    kernel: host.run("uname", ["-r"]),
    iproute2: versionOf(live, "ip", "-V"),
    nft: versionOf(live, "nft", "--version"),
    libvirt: libvirtVersion(live),
    daemons: readDaemons(hooks, system),
    domains: domainsOf(() => readGuests([], live)),
    defined: domainsOf(async () => toDomains(await readDefined(live.virsh))),
    inactive: inactiveOf(live),
    tables: unlessFailing(
      () => readTables(host.run),
      () => [],
    ),
    links: readLinks(host),
    proxies: readProxies(host),
    routedByAdvertisement: readAdvertised(host),
    selinux: readSelinux(system),
    networkManager: readNetworkManager(system),
    networkFiles: readNetworkFiles(files),
  });
  return {
    version: VERSION,
    hookDigest: HOOK_DIGEST,
    kernel: kernel.stdout.trim(),
    versions: { iproute2, nft, libvirt },
    hooks,
    ...daemons,
    ...readings,
    sysctl: host.readSysctl,
  };
};
