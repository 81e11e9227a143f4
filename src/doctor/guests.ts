import { attachmentKind } from "../guest/attachment-kind.ts";
import { isRouted, type LiveDomain } from "../guest/nic.ts";
import type { HostSeen } from "./host-seen.ts";

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
export const uplinksOf = (bridge: string, { links }: HostSeen) =>
  links.filter(({ master, kind }) => master === bridge && kind !== "tun");

export const tapsOf = (domains: readonly LiveDomain[]): readonly string[] =>
  domains.flatMap(({ nics }) => nics.map(({ tap }) => tap));

export const hasRouted = (domains: readonly LiveDomain[]): boolean =>
  domains.some(({ nics }) => nics.some(isRouted));
