import { expect } from "@jest/globals";
import type { Background, Machine } from "../lab/lab.ts";

/** What came back of pings, 20 in a second. */
export interface Pinged {
  /** The longest time without an answer, in seconds: between two, before the first, or after the last, which would be no gap at all. */
  readonly gap: number;
  readonly answers: number;
  /** Numbers of the pings that were not answered. */
  readonly lost: readonly number[];
}

/** Seconds between two pings. */
const INTERVAL = 0.05;

const read = (text: string): Pinged => {
  const answers = [...text.matchAll(/^\[(\d+\.\d+)\] .* icmp_seq=(\d+) .*time=/gm)].map(([, at, number]) => ({
    at: Number(at),
    number: Number(number),
  }));
  const heard = new Set(answers.map(({ number }) => number));
  const last = Math.max(0, ...heard);
  const gaps = answers.slice(1).map(({ at }, index) => at - (answers[index]?.at ?? at));
  const sent = Number(/(\d+) packets transmitted/.exec(text)?.[1]);
  const silent = [(answers[0]?.number ?? 1) - 1, sent - last].map((pings) => pings * INTERVAL);
  return {
    gap: Math.max(...silent, ...gaps),
    answers: answers.length,
    lost: Array.from({ length: last }, (_, index) => index + 1).filter((number) => !heard.has(number)),
  };
};

/** Pings addresses from a machine while something happens, and a second more. @returns what came of that, and of each address */
export const pingDuring = async <T>(
  from: Machine,
  addresses: readonly string[],
  during: () => Promise<T>,
): Promise<{ readonly came: T; readonly pinged: readonly Pinged[] }> => {
  const pings: Background[] = [];
  const stop = () => Promise.all(pings.map((ping) => ping.stop()));
  for (const address of addresses)
    pings.push(await from.background(["ping", "-D", "-i", `${INTERVAL}`, address]));
  try {
    await from.sh("sleep 0.5");
    const came = await during();
    await from.sh("sleep 1");
    return { came, pinged: (await stop()).map(({ stdout }) => read(stdout)) };
  } catch (error) {
    await stop();
    throw error;
  }
};

/** Fails, with what all of them were, when one gap was longer than so many seconds. */
export const expectGaps = (pinged: readonly Pinged[], longest: number): void => {
  const gaps = pinged.map(({ gap }) => gap);
  expect({ gaps, longest, inTime: Math.max(...gaps) <= longest }).toEqual({ gaps, longest, inTime: true });
};
