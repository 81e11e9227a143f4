import { error, type Finding, ok, warning } from "./finding.ts";
import {
  tapsOf,
  type HostReadings,
  type ManagerFile,
  type NetworkManagerReading,
  vlansByBridge,
} from "./host-readings.ts";
import { NETWORK_MANAGER, NETWORKD, protectionCommands } from "./tap-protection.ts";

/** The values of a key in a section, in order: `[Match]` may be there several times (systemd.syntax(7)). */
const valuesOf = (text: string, section: string, key: string): readonly string[] => {
  let open = "";
  return text.split("\n").flatMap((line) => {
    const header = /^\s*\[(.+)\]\s*$/.exec(line)?.[1];
    if (header !== undefined) open = header;
    const pair = /^\s*([A-Za-z]+)\s*=\s*(.*?)\s*$/.exec(line);
    return open === section && pair?.[1] === key ? [pair[2] ?? ""] : [];
  });
};

const keysOf = (text: string, section: string): readonly string[] => {
  let open = "";
  return text.split("\n").flatMap((line) => {
    const header = /^\s*\[(.+)\]\s*$/.exec(line)?.[1];
    if (header !== undefined) open = header;
    const key = /^\s*([A-Za-z]+)\s*=/.exec(line)?.[1];
    return open === section && key !== undefined ? [key] : [];
  });
};

/** A shell glob as systemd takes it (fnmatch(3)): `*`, `?` and `[…]`. */
const toPattern = (glob: string): RegExp => {
  const source = glob
    .replaceAll(/[.+^${}()|\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${source.replaceAll("[!", "[^")}$`);
};

const matchesAny = (words: readonly string[], text: string): boolean => {
  const negated = words[0]?.startsWith("!") === true;
  const globs = words.map((word, at) => (at === 0 && negated ? word.slice(1) : word));
  return globs.some((glob) => toPattern(glob).test(text)) !== negated;
};

/** Properties of a tap for networkd (systemd.network(5), [Match]). A file that requires another one does not match. */
const TAP: Readonly<Record<string, string>> = { Type: "ether", Kind: "tun", Driver: "tun" };

const isFor = ({ text }: ManagerFile, tap: string): boolean => {
  const keys = [...new Set(keysOf(text, "Match"))];
  return (
    keys.length > 0 &&
    keys.every((key) => {
      const words = valuesOf(text, "Match", key)
        .flatMap((value) => value.split(/\s+/))
        .filter((word) => word !== "");
      const own = key === "Name" ? tap : TAP[key];
      return own !== undefined && matchesAny(words, own);
    })
  );
};

const isUnmanaged = ({ text }: ManagerFile): boolean =>
  /^(yes|true|on|1)$/i.test(valuesOf(text, "Link", "Unmanaged").at(-1) ?? "no");

const list = (taps: readonly string[]): string => {
  const [first = "", ...others] = taps;
  return others.length === 0 ? first : `${first} and ${String(others.length)} more taps of guests`;
};

/** Checks whether systemd-networkd configures guests' taps: by each of its files, those that no file before it matches. */
const checkNetworkd = (taps: readonly string[], files: readonly ManagerFile[]): readonly Finding[] => {
  // The first file that matches is the one that counts.
  const fileOf = new Map(taps.map((tap) => [tap, files.find((file) => isFor(file, tap))]));
  return files.flatMap((file) => {
    const matched = taps.filter((tap) => fileOf.get(tap) === file);
    return matched.length === 0 || isUnmanaged(file)
      ? []
      : [
          error(
            "systemd-networkd",
            `${file.file} matches ${list(matched)}`,
            "it takes new taps off their bridges, so guests do not start; a reload detaches running guests and removes their routes",
            ...protectionCommands(NETWORKD),
          ),
        ];
  });
};

/** Returns whether a list of device specifications holds for every tap (NetworkManager.conf(5), "Device List Format"). */
const coversTaps = (list: string, taps: readonly string[]): boolean => {
  const specs = list.split(/[,;\s]+/).filter((spec) => spec !== "");
  if (specs.some((spec) => spec.startsWith("except:"))) return false;
  if (specs.includes("*") || specs.includes("type:tun")) return true;
  const globs = specs.flatMap((spec) => /^interface-name:[=~]?(.+)$/.exec(spec)?.[1] ?? []);
  return taps.every((tap) => globs.some((glob) => toPattern(glob).test(tap)));
};

/** Checks whether NetworkManager leaves taps alone, and whether it may detach them from a bridge that it manages. */
const checkNetworkManager = (
  taps: readonly string[],
  bridges: readonly string[],
  { unmanaged, devices, repairs }: NetworkManagerReading,
): readonly Finding[] => {
  const managed = taps.filter((tap) => (devices.get(tap) ?? "unmanaged") !== "unmanaged");
  const own = repairs ? [] : bridges.filter((bridge) => devices.get(bridge) === "connected");
  return [
    ...(managed.length === 0 && coversTaps(unmanaged, taps)
      ? []
      : [
          warning(
            "NetworkManager",
            `unmanaged-devices does not name the taps of guests (${list(managed.length > 0 ? managed : taps)})`,
            "it may change the addresses and routes of taps",
            ...protectionCommands(NETWORK_MANAGER),
          ),
        ]),
    ...own.map((bridge) =>
      warning(
        "NetworkManager",
        `it manages bridge ${bridge}`,
        `"nmcli connection up" of it detaches every guest's port until guestnet apply; "nmcli device reapply ${bridge}" does not`,
        "# install guestnet-apply and its dispatcher script, which repair it: docs/how-to/repair.md",
      ),
    ),
  ];
};

/** Checks whether a network manager manages guests' taps, those of guests that do not run included. */
export const checkNetworkManagers = (seen: HostReadings): readonly Finding[] => {
  const taps = tapsOf(seen.defined);
  if (taps.length === 0) return [ok("network managers", "no guest has a tap")];
  const bridges = [...vlansByBridge(seen.defined).keys()];
  const found = [
    ...checkNetworkd(taps, seen.networkFiles),
    ...(seen.networkManager === null ? [] : checkNetworkManager(taps, bridges, seen.networkManager)),
  ];
  return found.length > 0 ? found : [ok("network managers", "no network manager manages a guest's tap")];
};
