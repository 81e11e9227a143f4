import { spawnSync } from "node:child_process";
import { tmpdir } from "node:os";

/** A command to be timed, under the name that the report gives it. */
export interface Contender {
  readonly name: string;
  readonly command: readonly string[];
  /** Runs before each time, outside of it. */
  readonly before?: () => void;
}

/** An environment like a fresh login's: nothing of npm's or of an editor's slows Node down or makes it faster. */
const ENVIRONMENT = {
  PATH: process.env["PATH"] ?? "/usr/bin:/bin",
  HOME: process.env["HOME"] ?? tmpdir(),
  LC_ALL: "C.UTF-8",
};

const wallTime = ({ name, command: [file = "", ...args], before: prepare }: Contender): number => {
  prepare?.();
  const before = process.hrtime.bigint();
  const ran = spawnSync(file, args, {
    env: ENVIRONMENT,
    stdio: ["ignore", "ignore", "pipe"],
    encoding: "utf8",
  });
  const after = process.hrtime.bigint();
  if (ran.status !== 0) throw new Error(`${name}: ${ran.error?.message ?? ran.stderr}`);
  return Number(after - before) / 1e6;
};

const median = (times: readonly number[]): number => {
  const sorted = times.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? NaN)) / 2;
};

/**
 * Times the commands side by side: each round runs every one once, each round begins with another one, so that what else
 * the machine does meets all of them. One round before the first is for the caches.
 *
 * @returns the median of each in milliseconds, by its name
 */
export const measure = (contenders: readonly Contender[], rounds: number): ReadonlyMap<string, number> => {
  const times = new Map(contenders.map(({ name }) => [name, [] as number[]]));
  contenders.forEach(wallTime);
  for (let round = 0; round < rounds; round += 1) {
    const first = round % contenders.length;
    for (const one of [...contenders.slice(first), ...contenders.slice(0, first)]) {
      times.get(one.name)?.push(wallTime(one));
    }
  }
  return new Map([...times].map(([name, all]) => [name, median(all)]));
};
