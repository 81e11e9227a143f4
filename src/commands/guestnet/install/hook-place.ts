/** The contents of a path for a hook: `guestnet install` writes a copy, the package guestnet-hook a link. */
export type HookContent = "nothing" | "copy" | "link" | "foreign";

/** In the hooks directory, libvirt runs `qemu`, then all of `qemu.d` (since 6.5.0) in the order of their names. */
export const MAIN_HOOK = "qemu";
export const PART_HOOK = "qemu.d/guestnet";
export type HookPlace = typeof MAIN_HOOK | typeof PART_HOOK;

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
export const hookContent = (text: string | null, target: string | null = null): HookContent => {
  if (target === PACKAGED) return "link";
  if (text === null) return "nothing";
  return versionOf(text) === null ? "foreign" : "copy";
};

const isOurs = (held: HookContent): boolean => held === "copy" || held === "link";

/** Where the hook belongs, and files of guestnet that would make libvirt run it twice. */
export interface Choice {
  readonly place: HookPlace;
  readonly superfluous: readonly HookPlace[];
}

/**
 * Keeps a third-party main hook, and chooses `qemu.d` then. The packaged hook is always in `qemu.d`.
 *
 * @param packaged whether the package guestnet-hook is installed
 */
export const choosePlace = (main: HookContent, part: HookContent, packaged: boolean): Choice => {
  if (packaged) return { place: PART_HOOK, superfluous: isOurs(main) ? [MAIN_HOOK] : [] };
  if (main === "foreign") return { place: PART_HOOK, superfluous: [] };
  if (main === "nothing" && isOurs(part)) return { place: PART_HOOK, superfluous: [] };
  return { place: MAIN_HOOK, superfluous: isOurs(part) ? [PART_HOOK] : [] };
};

/** Returns where the hook is installed; empty if it is not. */
export const placesOfOurs = (main: HookContent, part: HookContent): readonly HookPlace[] => [
  ...(isOurs(main) ? ([MAIN_HOOK] as const) : []),
  ...(isOurs(part) ? ([PART_HOOK] as const) : []),
];
