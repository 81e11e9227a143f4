import { expect } from "@jest/globals";
import type { Background, Machine } from "../../../lab/lab.ts";
import { answers } from "./ping.ts";

/** What came back of pings to an address, 20 in a second. */
export interface Pinged {
  readonly address: string;
  readonly answers: number;
  /** Numbers of the pings that were not answered, though a later one was. */
  readonly lost: readonly number[];
}

const read = (address: string, text: string): Pinged => {
  const heard = new Set([...text.matchAll(/ icmp_seq=(\d+) .*time=/g)].map(([, number]) => Number(number)));
  const last = Math.max(0, ...heard);
  return {
    address,
    answers: heard.size,
    lost: Array.from({ length: last }, (_, index) => index + 1).filter((number) => !heard.has(number)),
  };
};

/**
 * Pings addresses from a machine while something happens, from when all of them answer until they answer again afterwards.
 *
 * @returns what came of that, and of each address
 */
export const pingDuring = async <T>(
  from: Machine,
  addresses: readonly string[],
  during: () => Promise<T>,
): Promise<{ readonly came: T; readonly pinged: readonly Pinged[] }> => {
  const pings: Background[] = [];
  const stop = () => Promise.all(pings.splice(0).map((ping) => ping.stop()));
  const allAnswer = async (): Promise<void> => {
    for (const address of addresses) expect([address, await answers(from, address)]).toEqual([address, true]);
  };
  await allAnswer();
  for (const address of addresses) pings.push(await from.background(["ping", "-i", "0.05", address]));
  try {
    const came = await during();
    await allAnswer();
    const outputs = await stop();
    return { came, pinged: addresses.map((address, index) => read(address, outputs[index]?.stdout ?? "")) };
  } finally {
    await stop();
  }
};

const expectAnswers = (pinged: readonly Pinged[]): void => {
  for (const { address, answers: heard } of pinged) expect([address, heard]).not.toEqual([address, 0]);
};

/** Fails unless each ping was answered, sooner or later. */
export const expectNoneLost = (pinged: readonly Pinged[]): void => {
  expectAnswers(pinged);
  expect(pinged.map(({ address, lost }) => ({ address, lost }))).toEqual(
    pinged.map(({ address }) => ({ address, lost: [] })),
  );
};

/** Fails unless all that was lost was lost at one time, while the guest ran nowhere or was not reached yet where it runs. */
export const expectLostOnce = (pinged: readonly Pinged[]): void => {
  expectAnswers(pinged);
  const again = pinged.map(({ address, lost }) => ({
    address,
    again: lost.filter((number, index) => index > 0 && number - 1 !== lost[index - 1]),
  }));
  expect(again).toEqual(pinged.map(({ address }) => ({ address, again: [] })));
};
