import { closest, distance } from "fastest-levenshtein";

/** The word with two neighbouring letters swapped, for each pair of them: `nmae` is `name`. */
const swapped = (word: string): readonly string[] =>
  Array.from(
    word.slice(1),
    (letter, at) => `${word.slice(0, at)}${letter}${word.charAt(at)}${word.slice(at + 2)}`,
  );

/**
 * Returns the known word that was probably meant, or null when none is near. Case does not count.
 *
 * @param slips how many wrong letters a short word may have; a longer one may have one in three
 */
export const nearest = (word: string, known: readonly string[], slips = 1): string | null => {
  if (known.length === 0) return null;
  const lower = word.toLowerCase();
  const byLower = new Map(known.map((candidate) => [candidate.toLowerCase(), candidate]));
  const swap = swapped(lower).find((one) => byLower.has(one));
  if (swap !== undefined) return byLower.get(swap) ?? null;
  const near = closest(lower, [...byLower.keys()]);
  const isNear = distance(lower, near) <= Math.max(slips, Math.floor(word.length / 3));
  return isNear ? (byLower.get(near) ?? null) : null;
};
