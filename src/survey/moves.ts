import type { PlacedGuest } from "./conflicts.ts";

/** A guest that two libvirts have, and whose CPUs run on one of the hosts only: as long as it moves from one to the other. */
export interface Move {
  readonly name: string;
  readonly uuid: string;
  /** The host on which it runs. */
  readonly runs: string;
  /** The host on which it is paused: before it runs there, or after. */
  readonly waits: string;
}

/** All guests that are on their way between hosts. @param guests those of all hosts */
export const movesOf = (guests: readonly PlacedGuest[]): readonly Move[] => {
  const running = new Map(guests.filter(({ paused }) => !paused).map((one) => [one.domain.uuid, one.host]));
  return guests.flatMap(({ host: waits, domain: { name, uuid }, paused }) => {
    const runs = running.get(uuid);
    return paused && runs !== undefined ? [{ name, uuid, runs, waits }] : [];
  });
};

/** One move in a sentence. */
export const describeMove = ({ name, runs, waits }: Move): string =>
  `guest ${name} runs on ${runs} and is paused on ${waits}, as on its way between them`;
