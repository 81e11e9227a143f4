/** What `--color` may be. */
export const WHEN = ["always", "auto", "never"] as const;

/** Values of `--color`; `auto` means on a terminal, unless NO_COLOR is set (no-color.org). */
export type ColourWhen = (typeof WHEN)[number];

/** Returns whether output to this stream is coloured. @param noColour NO_COLOR of the environment */
export const isColoured = (
  when: ColourWhen,
  { isTTY }: { readonly isTTY?: boolean },
  noColour: string | undefined,
): boolean => (when === "auto" ? isTTY === true && (noColour ?? "") === "" : when === "always");

/** Returns whether standard output is coloured. */
export const coloursStdout = (when: ColourWhen): boolean =>
  isColoured(when, process.stdout, process.env["NO_COLOR"]);
