import type { Drop } from "./nft-trace.ts";
import type { Point } from "./point.ts";
import type { Counted, Findings } from "./probe.ts";

/** What became of the packets that really passed. */
export interface Watched {
  readonly seconds: number;
  readonly counted: readonly Counted[];
  readonly drops: readonly Drop[];
  readonly missing: readonly string[];
  /** The last point of the way at which any was seen; null where none was seen at all. */
  readonly lastSeen: Point | null;
  /** Whether that is the last point of the answer. */
  readonly complete: boolean;
}

/** Without tcpdump, a device that has carried frames of whatever kind counts. */
const wasSeen = ({ packets, frames }: Counted): boolean => (packets ?? frames ?? 0) > 0;

/** Returns what hosts found, in the order of the way. */
export const watchedBy = (
  seconds: number,
  points: readonly Point[],
  findings: readonly Findings[],
): Watched => {
  const found = findings.flatMap(({ counted }) => counted);
  const counted = points.flatMap(
    ({ leg, host, dev }) =>
      found.find((one) => one.leg === leg && one.host === host && one.dev === dev) ?? [],
  );
  const last = counted.findLast(wasSeen) ?? null;
  return {
    ...{ seconds, counted },
    drops: findings.flatMap(({ drops }) => drops),
    missing: findings.flatMap(({ missing }) => missing),
    lastSeen: last === null ? null : { leg: last.leg, host: last.host, dev: last.dev },
    complete: last !== null && last.leg === "back" && last === counted.at(-1),
  };
};

/** Whether packets were seen that, or whose answers, did not come all the way. */
export const wereLost = ({ lastSeen, complete }: Watched): boolean => lastSeen !== null && !complete;
