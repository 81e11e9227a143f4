import type { Fact } from "../facts/fact.ts";
import type { Host } from "../host.ts";

/** A device that is not there yet will begin with the defaults, so a setting that they make right needs no write. */
const inherited = (name: string): string =>
  name.replace(/^(net\/ipv[46]\/conf)\/.+\/([^/]+)$/, "$1/default/$2");

/** What is true of every device on a kernel without IPv6. */
const WITHOUT_IPV6: Readonly<Record<string, string>> = { disable_ipv6: "1", accept_ra: "0" };

/** Reads settings; one that is not there is no fact, unless there is no IPv6 at all. */
export const observeSysctls = (host: Host, names: readonly string[]): readonly Fact[] =>
  names.flatMap((name): readonly Fact[] => {
    const value = host.readSysctl(name) ?? host.readSysctl(inherited(name));
    if (value !== null) return [{ kind: "sysctl", name, value }];
    const without = WITHOUT_IPV6[name.split("/").at(-1) ?? ""];
    const noIpv6 = host.readSysctl("net/ipv6/conf/all/disable_ipv6") === null;
    return noIpv6 && without !== undefined ? [{ kind: "sysctl", name, value: without }] : [];
  });
