import type { Desired } from "../facts/desired.ts";

/** One desire out of several; what two NICs share (a bridge, a switch) is looked at once. */
export const together = (parts: readonly Desired[]): Desired => {
  const all = <T>(pick: (part: Desired) => readonly T[]): readonly T[] => [...new Set(parts.flatMap(pick))];
  return {
    facts: all((part) => part.facts),
    demands: all((part) => part.demands),
    scope: {
      links: all((part) => part.scope.links),
      fresh: all((part) => part.scope.fresh),
      ports: all((part) => part.scope.ports),
      taps: all((part) => part.scope.taps),
      drafts: all((part) => part.scope.drafts),
      proxies: all((part) => part.scope.proxies),
      lookups: all((part) => part.scope.lookups),
      sysctls: all((part) => part.scope.sysctls),
      trunkings: all((part) => part.scope.trunkings),
      bridges: all((part) => part.scope.bridges),
      guards: all((part) => part.scope.guards),
      sourceCheck: parts.some((part) => part.scope.sourceCheck),
    },
  };
};
