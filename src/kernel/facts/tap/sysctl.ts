import type { IfName } from "../../../values/names.ts";
import type { Host } from "../../host.ts";
import { subjectOf } from "../change.ts";
import { sysctl as write } from "../command.ts";
import type { FactKind } from "../fact-kind.ts";

/** A file below /proc/sys, named as sysctl(8) does with slashes: an interface's name may hold dots. */
export interface SysctlFact {
  readonly kind: "sysctl";
  readonly name: string;
  readonly value: string;
}

/** The device of a setting: `web1-0` of `net/ipv6/conf/web1-0/disable_ipv6`. */
const deviceOf = ({ name }: SysctlFact): IfName | null =>
  (/^net\/ipv[46]\/conf\/(?!(?:all|default)\/)(.+)\/[^/]+$/.exec(name)?.[1] ?? null) as IfName | null;

/** A device that is not there yet will begin with the defaults, so a setting that they make right needs no write. */
const inherited = (name: string): string =>
  name.replace(/^(net\/ipv[46]\/conf)\/.+\/([^/]+)$/, "$1/default/$2");

/** The value for every device on a kernel without IPv6. */
const WITHOUT_IPV6: Readonly<Record<string, string>> = { disable_ipv6: "1", accept_ra: "0" };

/** Reads settings. A missing one is not a fact, except on a kernel without IPv6. */
export const observeSysctls = (
  host: Pick<Host, "readSysctl">,
  names: readonly string[],
): readonly SysctlFact[] =>
  names.flatMap((name): readonly SysctlFact[] => {
    const value = host.readSysctl(name) ?? host.readSysctl(inherited(name));
    if (value !== null) return [{ kind: "sysctl", name, value }];
    const without = WITHOUT_IPV6[name.split("/").at(-1) ?? ""];
    const noIpv6 = host.readSysctl("net/ipv6/conf/all/disable_ipv6") === null;
    return noIpv6 && without !== undefined ? [{ kind: "sysctl", name, value: without }] : [];
  });

export const sysctl: FactKind<SysctlFact> = {
  key: ({ name }) => name,
  device: deviceOf,
  slot: (change, isPort) => {
    const fact = subjectOf(change);
    const dev = deviceOf(fact);
    if (!fact.name.endsWith("/disable_ipv6")) return "set sysctl";
    if (fact.value === "0") return "enable IPv6";
    return dev !== null && isPort(dev) ? "disable IPv6 on ports" : "disable IPv6 on taps";
  },
  add: ([{ name, value }]) => [write({ name, value })],
  describe: ([{ name, value }]) => `${name}=${value}`,
  observe: { from: "files", read: ({ sysctls }, host) => observeSysctls(host, sysctls) },
};
