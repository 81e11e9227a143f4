import type { Hop } from "../hop.ts";

/** A device that the packet passes on its way, or its answer: where it can be counted. */
export interface Point {
  readonly leg: Hop["leg"];
  readonly host: string;
  readonly dev: string;
}

/** Returns the devices on a way, in its order. A device that a leg names twice, such as for its state and its MTU, is one point. */
export const pointsOf = (hops: readonly Hop[]): readonly Point[] => {
  const points = new Map<string, Point>();
  for (const { leg, host, check } of hops) {
    if (host === null || (check.kind !== "tap" && check.kind !== "link")) continue;
    const point = { leg, host, dev: check.dev };
    points.set(JSON.stringify(point), point);
  }
  return [...points.values()];
};
