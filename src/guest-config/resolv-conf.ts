import type { GuestInterface } from "./guest-interface.ts";
import { lines, textFile, type TextFile } from "./text-file.ts";

/** Returns /etc/resolv.conf (resolv.conf(5)), where the system has no other place for DNS servers; nothing without any. */
export const resolvConf = (interfaces: readonly GuestInterface[]): readonly TextFile[] => {
  const dns = interfaces.flatMap((one) => [one, ...one.vlans]).find((one) => one.dns !== null)?.dns;
  if (dns === undefined || dns === null) return [];
  return [
    textFile(
      "resolv.conf",
      lines([
        ...(dns.search.length === 0 ? [] : [`search ${dns.search.join(" ")}`]),
        ...dns.servers.map((server) => `nameserver ${server}`),
      ]),
    ),
  ];
};
