/** What there is where a hook could be. */
export type Held = "nothing" | "ours" | "foreign";

/** Below the daemon's hooks folder: libvirt runs `qemu`, then all of `qemu.d` (since 6.5.0) in the order of their names. */
export const MAIN = "qemu";
export const PART = "qemu.d/guestnet";
export type Place = typeof MAIN | typeof PART;

/** The third line of the hook, in every version; newer ones have the project in parentheses. */
const OURS = /^# guestnet (\S+)(?: \([^)\n]*\))?: what libvirt runs/m;

/** @param text what is in the file, or null when there is none */
export const heldBy = (text: string | null): Held =>
  text === null ? "nothing" : OURS.test(text.slice(0, 1000)) ? "ours" : "foreign";

/** @returns the version of a hook of ours, or null */
export const versionOf = (text: string): string | null => OURS.exec(text.slice(0, 1000))?.[1] ?? null;

/** Where our hook belongs, and our own files that would make libvirt run it a second time. */
export interface Choice {
  readonly place: Place;
  readonly superfluous: readonly Place[];
}

/** Somebody else's main hook stays what it is, and ours goes beside it. */
export const choosePlace = (main: Held, part: Held): Choice => {
  if (main === "foreign") return { place: PART, superfluous: [] };
  if (main === "nothing" && part === "ours") return { place: PART, superfluous: [] };
  return { place: MAIN, superfluous: part === "ours" ? [PART] : [] };
};

/** Where it is now: empty when it is not installed. */
export const placesOfOurs = (main: Held, part: Held): readonly Place[] => [
  ...(main === "ours" ? ([MAIN] as const) : []),
  ...(part === "ours" ? ([PART] as const) : []),
];
