import { type Change, subjectOf } from "../facts/change.ts";
import type { Fact } from "../facts/fact.ts";

const isIpv6 = (fact: Fact, disabled: "0" | "1"): boolean =>
  fact.kind === "sysctl" && fact.name.endsWith("/disable_ipv6") && fact.value === disabled;

/** The device of a setting: `web1-0` of `net/ipv6/conf/web1-0/disable_ipv6`. */
const deviceOf = (fact: Fact): string => (fact.kind === "sysctl" ? (fact.name.split("/")[3] ?? "") : "");

/**
 * Membership closes before it opens: at no moment is a guest in a VLAN that neither the old nor the new state has,
 * nor on a port whose checks are not on yet. Reachability opens before it closes. What hangs off a device comes
 * after the device.
 */
const rankOf = (change: Change, ports: ReadonlySet<string>): number => {
  const removes = change.kind === "remove";
  switch (subjectOf(change).kind) {
    case "fdb":
      // A static entry outlives the port's membership (nbp_vlan_delete flushes only dynamic ones), so it goes first;
      // and it can be made only for a VLAN that the port has (br_fdb_add), so it comes after.
      return removes ? 0 : 80;
    case "port-vlan":
      return removes ? 10 : 70;
    // One process for nft, and one transaction: what a guest may say changes at once, before its port opens.
    case "source-check":
      return 20;
    case "guard-rules":
      return 21;
    case "guard":
      return removes ? 22 : 23;
    case "followed":
      return 24;
    case "uplink-vlan":
      return removes ? 11 : 75;
    case "tap-draft":
      return 25;
    case "tap":
      return removes ? 120 : 30;
    // What is no process comes first, so that all lines for bridge(8) are one.
    case "port-group":
      return 39;
    case "port-flag":
      return 40;
    case "link":
      return 45;
    case "sysctl":
      // On a port the host's own IPv6 goes off first: what it has said by then is in the queue that is emptied next.
      if (isIpv6(subjectOf(change), "1") && ports.has(deviceOf(subjectOf(change)))) return 5;
      // IPv6 goes on before its addresses come, and off, which takes them all, after those that we take away ourselves. The
      // others come last: a tap carries nothing before QEMU opens it, and one batch for ip is a process less.
      return isIpv6(subjectOf(change), "0") ? 50 : isIpv6(subjectOf(change), "1") ? 115 : 95;
    case "address":
      return removes ? 110 : 60;
    case "neigh":
      // Whom routes lead to comes before them, and goes after them; a device that goes down, or gets another address, forgets it.
      return removes ? 101 : 89;
    case "neigh-proxy":
      // The host answers for what it can deliver: after the route comes, before it goes.
      return removes ? 98 : 94;
    case "route": {
      // A prefix goes via the guest's address, and the kernel takes a next hop only when there is a route to it.
      const fact = subjectOf(change);
      const viaAddress = fact.kind === "route" && fact.via !== null;
      if (removes) return viaAddress ? 99 : 100;
      return viaAddress ? 91 : 90;
    }
  }
};

/** The changes in the order in which they are made; equal ranks keep their order. */
export const order = (changes: readonly Change[]): readonly Change[] => {
  const ports = new Set(changes.map(subjectOf).flatMap((fact) => ("port" in fact ? [fact.port] : [])));
  return changes
    .map((change) => ({ change, rank: rankOf(change, ports) }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ change }) => change);
};
