import type { LiveNetwork } from "./live-network.ts";

/** The file of saved kernel settings: what `sysctl -a` prints. */
export const SYSCTL_FILE = "sysctl.txt";

/** sysctl(8) exchanges dots and slashes: `net.ipv6.conf.eth0/20.accept_ra`. */
const toName = (key: string): string => key.replaceAll(/[./]/g, (one) => (one === "." ? "/" : "."));

/** Reads what `sysctl -a` prints. */
export const readSysctls = (text: string): LiveNetwork["sysctl"] => {
  const values = new Map(
    text.split("\n").flatMap((line) => {
      const [, key, value] = /^(\S+) = (.*)$/.exec(line) ?? [];
      return key === undefined || value === undefined ? [] : [[toName(key), value] as const];
    }),
  );
  return (name) => values.get(name) ?? null;
};
