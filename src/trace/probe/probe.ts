import { lastLine } from "../../values/error-text.ts";
import { asNumber, asText, membersOf, printedList } from "../../values/json.ts";
import type { Ran, Run } from "../../kernel/host.ts";
import { captureFilter, type Match, matchOf } from "./match.ts";
import { type Drop, readDrops, tracingInput } from "./nft-trace.ts";
import type { Point } from "./point.ts";

/** What was counted at a point. */
export interface Counted extends Point {
  /** Packets that tcpdump caught, up to {@link MOST}; null where it is not installed or cannot read the device. */
  readonly packets: number | null;
  /** Frames of all kinds that the device carried meanwhile, and those that it dropped; null where it is gone. */
  readonly frames: number | null;
  readonly dropped: number | null;
}

/** What was seen on one host. */
export interface Findings {
  readonly counted: readonly Counted[];
  readonly drops: readonly Drop[];
  /** Why a program has counted nothing, each in a line. */
  readonly missing: readonly string[];
}

/** A capture ends then: more of the same packets tell nothing more. */
export const MOST = 1000;

/** Exit code of timeout(1) for a program that is not installed. */
const NOT_FOUND = 127;

/** Bytes of a packet that are captured: its headers are enough. */
const SNAPLEN = "128";

type Counters = ReadonlyMap<string, { readonly frames: number; readonly dropped: number }>;

const readCounters = async (run: Run): Promise<Counters> => {
  const links = printedList(await run("ip", ["-json", "-statistics", "link", "show"]));
  return new Map(
    links.map(membersOf).map((link) => {
      const stats = membersOf(link["stats64"]);
      const sum = (key: string): number =>
        ["rx", "tx"].reduce((all, way) => all + (asNumber(membersOf(stats[way])[key]) ?? 0), 0);
      return [asText(link["ifname"]) ?? "", { frames: sum("packets"), dropped: sum("dropped") }];
    }),
  );
};

/** timeout(1) ends a program even where guestnet, or the connection to its host, ends before. */
const during = (seconds: number, run: Run, file: string, args: readonly string[], stdin = ""): Promise<Ran> =>
  run("timeout", [String(seconds), file, ...args], stdin);

const capture = (seconds: number, { leg, dev }: Point, match: Match, run: Run): Promise<Ran> =>
  during(seconds, run, "tcpdump", [
    ...["-i", dev, "-n", "-q", "-t", "-s", SNAPLEN, "-c", String(MOST)],
    captureFilter(matchOf(leg, match)),
  ]);

/** tcpdump's sum: `5 packets captured`, or `1 packet captured`. */
const capturedIn = ({ stderr }: Ran): number | null => {
  const count = /^(\d+) packets? captured$/m.exec(stderr)?.[1];
  return count === undefined ? null : Number(count);
};

/** timeout(1) and tcpdump end with these when the time is up. */
const whyMissing = (file: string, { code, stderr }: Ran, host: string): readonly string[] => {
  if (code === NOT_FOUND) return [`${file} is not installed on ${host}`];
  return [`${file} on ${host}: ${lastLine(stderr) || `ended with status ${String(code)}`}`];
};

/** Code of timeout(1) when the time is up. Before that, an nft that traces ends only with an error; others it reports and goes on. */
const TIMED_OUT = 124;

const hasTraced = ({ code, stderr }: Ran): boolean => code === TIMED_OUT && !stderr.includes("Error");

/**
 * Counts a packet and its answer on their way through a host, for some seconds. tcpdump and nft have then ended, and with nft its
 * tables; timeout(1) and the kernel see to that in every case.
 *
 * @param run runs several programs side by side
 * @param table a name that no other table has
 */
export const probeHost = async (
  {
    host,
    points,
    match,
    seconds,
    table,
  }: {
    readonly host: string;
    readonly points: readonly Point[];
    readonly match: Match;
    readonly seconds: number;
    readonly table: string;
  },
  run: Run,
): Promise<Findings> => {
  const before = await readCounters(run);
  const [captures, tracing] = await Promise.all([
    Promise.all(points.map((point) => capture(seconds, point, match, run))),
    during(seconds, run, "nft", ["-n", "-i"], tracingInput(table, match)),
  ]);
  const after = await readCounters(run);
  const more = (dev: string, key: "frames" | "dropped"): number | null => {
    const [first, last] = [before.get(dev), after.get(dev)];
    return first === undefined || last === undefined ? null : last[key] - first[key];
  };
  const counted = points.map((point, at) => ({
    ...point,
    packets: captures[at] === undefined ? null : capturedIn(captures[at]),
    ...{ frames: more(point.dev, "frames"), dropped: more(point.dev, "dropped") },
  }));
  const failed = captures.filter((ran) => capturedIn(ran) === null);
  return {
    counted,
    drops: readDrops(tracing.stdout, match, host),
    missing: [
      ...new Set([
        ...failed.flatMap((ran) => whyMissing("tcpdump", ran, host)),
        ...(hasTraced(tracing) ? [] : whyMissing("nft", tracing, host)),
      ]),
    ],
  };
};
