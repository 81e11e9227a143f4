import { closest, distance } from "fastest-levenshtein";

/** The name that was probably meant, or null when none is near. */
export const nearest = (written: string, names: readonly string[]): string | null => {
  if (names.length === 0) return null;
  const candidate = closest(written, [...names]);
  return distance(written, candidate) <= Math.max(2, Math.floor(written.length / 3)) ? candidate : null;
};
