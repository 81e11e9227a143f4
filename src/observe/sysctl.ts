import type { Fact } from "../model/fact.ts";
import type { Host } from "../model/host.ts";

/** A device that is not there yet will begin with the defaults, so a setting that they make right needs no write. */
const inherited = (name: string): string =>
  name.replace(/^(net\/ipv[46]\/conf)\/.+\/([^/]+)$/, "$1/default/$2");

/** Reads settings; one that is not there is no fact, but on a kernel without IPv6 `disable_ipv6` is true of every device. */
export const observeSysctls = (host: Host, names: readonly string[]): readonly Fact[] =>
  names.flatMap((name): readonly Fact[] => {
    const value = host.readSysctl(name) ?? host.readSysctl(inherited(name));
    if (value !== null) return [{ kind: "sysctl", name, value }];
    const noIpv6 =
      name.endsWith("/disable_ipv6") && host.readSysctl("net/ipv6/conf/all/disable_ipv6") === null;
    return noIpv6 ? [{ kind: "sysctl", name, value: "1" }] : [];
  });
