import { type Finding, ok, warning } from "./finding.ts";
import { tapsOf, type HostReadings, type NetworkFile } from "./host-readings.ts";

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

/** What a tap is to networkd (systemd.network(5), [Match]): anything else that a file asks for, no tap has. */
const TAP: Readonly<Record<string, string>> = { Type: "ether", Kind: "tun", Driver: "tun" };

const isFor = ({ text }: NetworkFile, tap: string): boolean => {
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

const isUnmanaged = ({ text }: NetworkFile): boolean =>
  /^(yes|true|on|1)$/i.test(valuesOf(text, "Link", "Unmanaged").at(-1) ?? "no");

/** Checks whether a network manager manages guests' taps. */
export const checkNetworkManagers = ({
  domains,
  networkFiles,
  managed,
}: HostReadings): readonly Finding[] => {
  const taps = tapsOf(domains);
  const byNetworkd = taps.flatMap((tap) => {
    // The first file that matches is the one that counts.
    const file = networkFiles.find((candidate) => isFor(candidate, tap));
    return file === undefined || isUnmanaged(file)
      ? []
      : [
          warning(
            "systemd-networkd",
            `${file.file} matches ${tap}`,
            "each reload of systemd-networkd removes the routes and addresses of the tap",
            `printf '[Match]\\nName=${tap}\\n[Link]\\nUnmanaged=yes\\n' >/etc/systemd/network/05-${tap}.network\nnetworkctl reload`,
          ),
        ];
  });
  const byManager = taps
    .filter((tap) => managed.includes(tap))
    .map((tap) =>
      warning(
        "NetworkManager",
        `it manages ${tap}`,
        "it may change the addresses and routes of the tap",
        `nmcli device set ${tap} managed no\nprintf '[keyfile]\\nunmanaged-devices=interface-name:${tap}\\n' >/etc/NetworkManager/conf.d/guestnet-${tap}.conf`,
      ),
    );
  const all = [...byNetworkd, ...byManager];
  return all.length > 0 ? all : [ok("network managers", "no network manager manages a guest's tap")];
};
