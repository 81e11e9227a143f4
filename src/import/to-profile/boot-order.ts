import type { Account } from "../report/account.ts";
import type { SourceGuest } from "../source-guest.ts";

type Letter = "c" | "d" | "n";
export type BootOrder = ReadonlyMap<Letter, number>;

const isLetter = (letter: string): letter is Letter => letter === "c" || letter === "d" || letter === "n";

/**
 * xl's letters as the profile's numbers. Empty where the profile needs none: the first disk, behind it a CD-ROM drive.
 *
 * @param has which kinds of devices the guest has
 * @param direct whether it boots a kernel of the host's
 */
export const toBootOrder = (
  { bootOrder }: SourceGuest,
  has: Readonly<Record<Letter, boolean>>,
  direct: boolean,
  account: Account,
): BootOrder => {
  if (bootOrder === null) return new Map();
  if (direct) {
    account.dropped(bootOrder, "the guest boots a kernel of the host's");
    return new Map();
  }
  const letters = [...new Set(bootOrder.value)].filter(isLetter);
  const floppy = bootOrder.value.includes("a") ? "; there is no floppy" : "";
  const there = letters.filter((letter) => has[letter]);
  if (/^(c|cd|)$/.test(there.join(""))) {
    account.taken(bootOrder, `the first disk, behind it a CD-ROM drive${floppy}`);
    return new Map();
  }
  account.taken(
    bootOrder,
    `${there.map((letter, index) => `${letter} has bootOrder ${index + 1}`).join(", ")}${floppy}`,
  );
  return new Map(there.map((letter, index) => [letter, index + 1]));
};

/** Devices of one kind, the first with its place in the order. */
export const withOrder = <T extends object>(
  devices: readonly T[],
  order: number | undefined,
): (T & { bootOrder?: number })[] =>
  devices.map((device, index) =>
    index === 0 && order !== undefined ? { ...device, bootOrder: order } : device,
  );
