import type { StartRecord } from "../hook/start-record.ts";
import { attachmentKind } from "../guest/attachment.ts";
import { type LiveDomain, isRouted } from "../guest/nic.ts";

/** A .network file of systemd-networkd: its lines by section. */
export interface ManagerFile {
  readonly file: string;
  readonly text: string;
}

/** A device, as far as the checks ask. */
export interface LinkReading {
  readonly name: string;
  /** `bridge`, `tun`, `vlan` …; null for a physical one. */
  readonly kind: string | null;
  readonly master: string | null;
  readonly alias: string | null;
  /** Whether anything is at its other end: of a tap, whether a QEMU has opened it. */
  readonly carrier: boolean;
  /** Of a VLAN device: what it sits on, and its VLAN. */
  readonly lower: string | null;
  readonly vlan: number | null;
  readonly bridge: BridgeReading | null;
  /** VLANs that it has as a port. */
  readonly vlans: readonly number[];
}

/** An address that the host answers for on an uplink, in a guest's name. */
export interface ProxyReading {
  readonly address: string;
  readonly dev: string;
}

export interface BridgeReading {
  readonly filtering: boolean;
  readonly defaultPvid: number;
  readonly stp: boolean;
  /** Seconds that a new port waits before it forwards, when STP is on. */
  readonly forwardDelay: number;
  /** Whether the bridge has a fixed MAC address, which does not change with its ports. */
  readonly ownMac: boolean;
}

/** Configuration and state of NetworkManager. */
export interface NetworkManagerReading {
  /** `unmanaged-devices` of its configuration (NetworkManager.conf(5)). */
  readonly unmanaged: string;
  /** The state of each of its devices: `connected`, `connected (externally)`, `unmanaged` … */
  readonly devices: ReadonlyMap<string, string>;
  /** Whether the dispatcher script of guestnet starts a repair after each of its changes. */
  readonly repairs: boolean;
}

/** A file where libvirt looks for hooks. */
export interface HookReading {
  readonly file: string;
  readonly executable: boolean;
  /** `package`: a link to the hook of the package guestnet-hook; `copy`: a file that `guestnet install` wrote. */
  readonly whose: "copy" | "package" | "foreign";
  readonly text: string;
  /** The version of a guestnet hook, or null. */
  readonly version: string | null;
  /** Its SHA-256, whichever engine is entered in it. */
  readonly digest: string;
  /** Milliseconds since the epoch: when it was written. */
  readonly writtenAt: number;
}

/** A daemon, and when it was last told to look for hooks. */
export interface DaemonReading {
  readonly name: string;
  readonly pid: number;
  readonly startedAt: number;
  readonly toldAt: number | null;
  /** AppArmor's profile, when that is enforced. */
  readonly profile: string | null;
}

/** A version, or why there is none. */
export type VersionReading =
  { readonly kind: "version"; readonly text: string } | { readonly kind: "none"; readonly why: string };

/** A guest with guestnet metadata that is defined and does not run. */
export interface InactiveGuest {
  readonly domain: LiveDomain;
  /** Whether it is to start with the host. */
  readonly autostart: boolean;
  /** The result of its last start since the host started; null if the hook was not called for it. */
  readonly record: StartRecord | null;
}

export type TableFamily = "inet" | "bridge";

/** The error of nft when it checks a table of the hook, or null. */
export interface TableReading {
  readonly family: TableFamily;
  readonly refused: string | null;
}

/** Readings of the host: taken once, then judged by the checks. */
export interface HostReadings {
  /** Of this program. */
  readonly version: string;
  /** The SHA-256 of this version's hook. */
  readonly hookDigest: string;
  readonly kernel: string;
  readonly versions: Readonly<Record<"iproute2" | "nft" | "libvirt", VersionReading>>;
  /** Those that run. */
  readonly domains: readonly LiveDomain[];
  /** All guests, those that do not run included. */
  readonly defined: readonly LiveDomain[];
  readonly inactive: readonly InactiveGuest[];
  /** None where there is no nft. */
  readonly tables: readonly TableReading[];
  readonly links: readonly LinkReading[];
  /** Those that guestnet made. */
  readonly proxies: readonly ProxyReading[];
  readonly sysctl: (name: string) => string | null;
  /** Devices whose IPv6 default route comes from router advertisements. */
  readonly routedByAdvertisement: readonly string[];
  readonly hooks: readonly HookReading[];
  /** The output of the hook when it runs in the daemon's environment; null when there is none to run. */
  readonly selfTest: { readonly ok: boolean; readonly said: string } | null;
  readonly daemons: readonly DaemonReading[];
  readonly selinux: { readonly hooksUnconfined: boolean | null } | null;
  /** systemd-networkd's files, in the order of their names, when it runs. */
  readonly networkFiles: readonly ManagerFile[];
  /** NetworkManager, when it runs. */
  readonly networkManager: NetworkManagerReading | null;
}

/** The bridges that running guests are on, each with their VLANs in ascending order. */
export const vlansByBridge = (domains: readonly LiveDomain[]): ReadonlyMap<string, readonly number[]> => {
  const all = new Map<string, Set<number>>();
  for (const { attachment } of domains.flatMap(({ nics }) => nics)) {
    const port = attachmentKind(attachment).port(attachment);
    if (port === null) continue;
    const vids = all.get(port.bridge) ?? new Set<number>();
    all.set(port.bridge, vids);
    for (const vid of port.vids) vids.add(vid);
  }
  return new Map([...all].map(([bridge, vids]) => [bridge, [...vids].sort((a, b) => a - b)]));
};

/** The ports of a bridge that lead out of the host: all but guests' taps. */
export const uplinksOf = (bridge: string, { links }: HostReadings) =>
  links.filter(({ master, kind }) => master === bridge && kind !== "tun");

export const tapsOf = (domains: readonly LiveDomain[]): readonly string[] =>
  domains.flatMap(({ nics }) => nics.map(({ tap }) => tap));

export const hasRouted = (domains: readonly LiveDomain[]): boolean =>
  domains.some(({ nics }) => nics.some(isRouted));
