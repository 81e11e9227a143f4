/** The contents of a path for a hook: `guestnet install` writes a copy, the package guestnet-hook a link. */
export type Held = "nothing" | "copy" | "link" | "foreign";

/** In the hooks directory, libvirt runs `qemu`, then all of `qemu.d` (since 6.5.0) in the order of their names. */
export const MAIN = "qemu";
export const PART = "qemu.d/guestnet";
export type Place = typeof MAIN | typeof PART;

/**
 * Where the package guestnet-hook installs the hook. Debian's AppArmor profile of libvirtd allows programs in /usr/sbin
 * and denies those in /usr/libexec.
 */
export const PACKAGED = "/usr/sbin/guestnet-hook";

/** The third line of the hook, in every version; newer ones have the project in parentheses. */
const OURS = /^# guestnet (\S+)(?: \([^)\n]*\))?: what libvirt runs/m;

/** Returns the version of guestnet's hook, or null for another file. */
export const versionOf = (text: string): string | null => OURS.exec(text.slice(0, 1000))?.[1] ?? null;

/**
 * @param text contents of the file, or null without one
 * @param target target of a link, or null for another file
 */
export const heldBy = (text: string | null, target: string | null = null): Held => {
  if (target === PACKAGED) return "link";
  if (text === null) return "nothing";
  return versionOf(text) === null ? "foreign" : "copy";
};

const isOurs = (held: Held): boolean => held === "copy" || held === "link";

/** Where the hook belongs, and files of guestnet that would make libvirt run it twice. */
export interface Choice {
  readonly place: Place;
  readonly superfluous: readonly Place[];
}

/**
 * Keeps a third-party main hook, and chooses `qemu.d` then. The packaged hook is always in `qemu.d`.
 *
 * @param packaged whether the package guestnet-hook is installed
 */
export const choosePlace = (main: Held, part: Held, packaged: boolean): Choice => {
  if (packaged) return { place: PART, superfluous: isOurs(main) ? [MAIN] : [] };
  if (main === "foreign") return { place: PART, superfluous: [] };
  if (main === "nothing" && isOurs(part)) return { place: PART, superfluous: [] };
  return { place: MAIN, superfluous: isOurs(part) ? [PART] : [] };
};

/** Returns where the hook is installed; empty if it is not. */
export const placesOfOurs = (main: Held, part: Held): readonly Place[] => [
  ...(isOurs(main) ? ([MAIN] as const) : []),
  ...(isOurs(part) ? ([PART] as const) : []),
];
