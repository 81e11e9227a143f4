import { counted } from "../../shared/counted.ts";
import type { Watched } from "../../../trace/probe/last-seen.ts";
import type { Point } from "../../../trace/probe/point.ts";
import { type Counted, MOST } from "../../../trace/probe/probe.ts";

const placeText = ({ leg, host, dev }: Point): string => `${leg} on ${host}, ${dev}`;

const countText = ({ packets, frames, dropped }: Counted): string =>
  [
    packets === null
      ? "packets not counted"
      : `${counted(packets, "packet")}${packets >= MOST ? " or more" : ""}`,
    ...(frames === null ? ["device gone"] : [`${counted(frames, "frame")} of all kinds`]),
    ...(dropped === null || dropped === 0 ? [] : [`${String(dropped)} dropped by the device`]),
  ].join(", ");

const lastLine = ({ seconds, lastSeen, complete, counted: points }: Watched): string => {
  if (lastSeen === null) return `no packet was seen within ${counted(seconds, "second")}`;
  const by = points.some(({ packets }) => packets === null) ? ", by counters of all frames" : "";
  if (complete) return `the packet and its answer were seen all the way${by}`;
  return `last seen ${placeText(lastSeen)}${by}`;
};

/** Returns what was seen of real packets: a line for each point of the way, what dropped them, and where they were last seen. */
export const watchedLines = (watched: Watched): readonly string[] => {
  const { seconds, counted: points, drops, missing } = watched;
  const width = Math.max(0, ...points.map((one) => placeText(one).length));
  return [
    "",
    `seen within ${counted(seconds, "second")}:`,
    ...points.map((one) => `  ${placeText(one).padEnd(width)}  ${countText(one)}`),
    ...drops.map(
      ({ leg, host, chain, rule, packets }) =>
        `  ${leg} on ${host}: ${chain} dropped ${counted(packets, "packet")}: ${rule ?? "policy drop"}`,
    ),
    ...missing.map((line) => `  not counted: ${line}`),
    lastLine(watched),
  ];
};
