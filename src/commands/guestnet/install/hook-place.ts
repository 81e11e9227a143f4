/** The contents of a path for a hook. */
export type Held = "nothing" | "ours" | "foreign";

/** In the hooks directory, libvirt runs `qemu`, then all of `qemu.d` (since 6.5.0) in the order of their names. */
export const MAIN = "qemu";
export const PART = "qemu.d/guestnet";
export type Place = typeof MAIN | typeof PART;

/** The third line of the hook, in every version; newer ones have the project in parentheses. */
const OURS = /^# guestnet (\S+)(?: \([^)\n]*\))?: what libvirt runs/m;

/** @param text contents of the file, or null without one */
export const heldBy = (text: string | null): Held =>
  text === null ? "nothing" : OURS.test(text.slice(0, 1000)) ? "ours" : "foreign";

/** Returns the version of guestnet's hook, or null for another file. */
export const versionOf = (text: string): string | null => OURS.exec(text.slice(0, 1000))?.[1] ?? null;

/** Where the hook belongs, and files of guestnet that would make libvirt run it twice. */
export interface Choice {
  readonly place: Place;
  readonly superfluous: readonly Place[];
}

/** Keeps a third-party main hook, and chooses `qemu.d` then. */
export const choosePlace = (main: Held, part: Held): Choice => {
  if (main === "foreign") return { place: PART, superfluous: [] };
  if (main === "nothing" && part === "ours") return { place: PART, superfluous: [] };
  return { place: MAIN, superfluous: part === "ours" ? [PART] : [] };
};

/** Returns where the hook is installed; empty if it is not. */
export const placesOfOurs = (main: Held, part: Held): readonly Place[] => [
  ...(main === "ours" ? ([MAIN] as const) : []),
  ...(part === "ours" ? ([PART] as const) : []),
];
