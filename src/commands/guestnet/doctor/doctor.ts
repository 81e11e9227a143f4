import { release } from "node:os";
import { examine } from "../../../doctor/examine.ts";
import type { Finding } from "../../../doctor/finding.ts";
import type { HostReadings, InactiveGuest, VersionReading } from "../../../doctor/host-readings.ts";
import type { LiveDomain } from "../../../guest/nic.ts";
import { readDefined, readInactive } from "../../../run/virsh.ts";
import { type ReadDomain, toDomains } from "../../../survey/survey.ts";
import { type ColourWhen, coloursStdout } from "../colour.ts";
import { whileShowing } from "../progress.ts";
import { parseStartRecord, STARTS } from "../../../hook/start-record.ts";
import { readTables } from "./read-tables.ts";
import { type ThisHost, openThisHost, readGuests } from "../this-host.ts";
import { unlessFailing } from "./unless-failing.ts";
import { readDaemons, readHooks } from "./read-hooks.ts";
import { readAdvertised, readLinks, readProxies } from "./read-links.ts";
import { readNetworkManager, readNetworkFiles, readSelinux } from "./read-managers.ts";
import { renderFindings, renderFindingsJson } from "./render-findings.ts";

/** Options of the report. */
export interface Reporting {
  readonly json: boolean;
  /** Whether passed checks are shown. */
  readonly verbose: boolean;
  readonly color: ColourWhen;
}

export interface DoctorOptions extends Reporting {
  readonly uri: string;
}

const ALL_ENDS_MS = 60_000;

const versionOf = ({ host }: ThisHost, file: string, option: string): Promise<VersionReading> =>
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

const libvirtVersion = ({ virsh }: ThisHost): Promise<VersionReading> =>
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

const inactiveOf = (live: ThisHost): Promise<readonly InactiveGuest[]> =>
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

const readHost = async (live: ThisHost): Promise<HostReadings> => {
  const { host } = live;
  const hooks = readHooks();
  const [
    iproute2,
    nft,
    libvirt,
    domains,
    defined,
    inactive,
    tables,
    links,
    proxies,
    routedByAdvertisement,
    daemons,
    selinux,
    networkManager,
  ] = await Promise.all([
    versionOf(live, "ip", "-V"),
    versionOf(live, "nft", "--version"),
    libvirtVersion(live),
    domainsOf(() => readGuests([], live)),
    domainsOf(async () => toDomains(await readDefined(live.virsh))),
    inactiveOf(live),
    unlessFailing(
      () => readTables(host.run),
      () => [],
    ),
    readLinks(host),
    readProxies(host),
    readAdvertised(host),
    readDaemons(hooks, host.run),
    readSelinux(host.run),
    readNetworkManager(host.run),
  ]);
  return {
    version: VERSION,
    hookDigest: HOOK_DIGEST,
    kernel: release(),
    versions: { iproute2, nft, libvirt },
    ...{
      domains,
      defined,
      inactive,
      tables,
      links,
      proxies,
      routedByAdvertisement,
      hooks,
      selinux,
      networkManager,
      ...daemons,
    },
    sysctl: host.readSysctl,
    networkFiles: readNetworkFiles(),
  };
};

/** Prints the findings. @returns the exit code: 0, or 2 with an error; warnings do not count */
export const report = (findings: readonly Finding[], { json, verbose, color }: Reporting): 0 | 2 => {
  const text = json
    ? renderFindingsJson(findings)
    : renderFindings(findings, { verbose, colour: coloursStdout(color) });
  process.stdout.write(text);
  return findings.some(({ kind }) => kind === "error") ? 2 : 0;
};

/** `guestnet doctor`. @returns the exit code */
export const doctorCommand = async ({ uri, ...how }: DoctorOptions): Promise<0 | 2> => {
  const live = openThisHost("doctor", uri, ALL_ENDS_MS);
  const readings = await whileShowing(process.stderr, "reading this host", () => readHost(live));
  return report(examine(readings), how);
};
