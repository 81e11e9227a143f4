import type { Family } from "../values/address.ts";
import type { Numbers } from "./numbers.ts";

interface Run {
  readonly first: bigint;
  readonly last: bigint;
}

/** Addresses of both families that are taken. */
export interface UsedAddresses {
  readonly add: (numbers: Numbers) => void;
  /** Returns how many of these are taken. */
  readonly count: (within: Numbers) => bigint;
  /** Returns the first block of this size, aligned to it, none of which is taken; null without one. The size is a power of two. */
  readonly firstGap: (within: Numbers, size: bigint) => bigint | null;
  /** Returns how many blocks of this size, aligned to it, have nothing that is taken. */
  readonly countGaps: (within: Numbers, size: bigint) => bigint;
}

const alignUp = (number: bigint, size: bigint): bigint => ((number + size - 1n) / size) * size;
const greater = (one: bigint, other: bigint): bigint => (one > other ? one : other);
const less = (one: bigint, other: bigint): bigint => (one < other ? one : other);

/** Returns the runs in ascending order, none of which touch. */
const merged = (all: readonly Run[]): Run[] => {
  const runs: Run[] = [];
  for (const run of [...all].sort((a, b) => (a.first < b.first ? -1 : a.first > b.first ? 1 : 0))) {
    const open = runs.at(-1);
    if (open !== undefined && run.first <= open.last + 1n)
      runs[runs.length - 1] = { first: open.first, last: greater(open.last, run.last) };
    else runs.push({ first: run.first, last: run.last });
  }
  return runs;
};

/** Returns the index of the first run that ends at a number or behind it. */
const findRun = (runs: readonly Run[], number: bigint): number => {
  let [low, high] = [0, runs.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((runs[middle]?.last ?? 0n) < number) low = middle + 1;
    else high = middle;
  }
  return low;
};

/** Calls for each run that has a part in there, in ascending order. */
const eachWithin = (runs: readonly Run[], { first, last }: Run, call: (part: Run) => void): void => {
  for (let at = findRun(runs, first); ; at += 1) {
    const run = runs[at];
    if (run === undefined || run.first > last) return;
    call({ first: greater(run.first, first), last: less(run.last, last) });
  }
};

const insert = (runs: Run[], { first, last }: Run): void => {
  const from = findRun(runs, first - 1n);
  let to = from;
  let grown = { first, last };
  for (let run = runs[to]; run !== undefined && run.first <= last + 1n; run = runs[(to += 1)])
    grown = { first: less(grown.first, run.first), last: greater(grown.last, run.last) };
  runs.splice(from, to - from, grown);
};

/** Returns a set of these. It is built once and grows: of 10,000 addresses the next free one takes a search, not a walk. */
export const usedAddresses = (all: Iterable<Numbers>): UsedAddresses => {
  const every = [...all];
  const of = (wanted: Family): Run[] => merged(every.filter(({ family }) => family === wanted));
  const runs = { ipv4: of("ipv4"), ipv6: of("ipv6") };
  return {
    add: (numbers) => {
      insert(runs[numbers.family], numbers);
    },
    count: (within) => {
      let count = 0n;
      eachWithin(runs[within.family], within, ({ first, last }) => {
        count += last - first + 1n;
      });
      return count;
    },
    firstGap: (within, size) => {
      const own = runs[within.family];
      let block = alignUp(within.first, size);
      for (let at = findRun(own, block); block + size - 1n <= within.last; at += 1) {
        const run = own[at];
        if (run === undefined || run.first > block + size - 1n) return block;
        block = greater(block, alignUp(run.last + 1n, size));
      }
      return null;
    },
    countGaps: (within, size) => {
      const [from, to] = [alignUp(within.first, size) / size, (within.last + 1n) / size - 1n];
      let count = to - from + 1n;
      let next = from;
      eachWithin(runs[within.family], within, ({ first, last }) => {
        const [low, high] = [greater(first / size, next), less(last / size, to)];
        if (high < low) return;
        count -= high - low + 1n;
        next = high + 1n;
      });
      return greater(count, 0n);
    },
  };
};
