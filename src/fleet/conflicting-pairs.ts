/**
 * Returns each of a group with one of the others that it conflicts with: the first for all, the second for the first. One report for
 * each place, however many there are, so that the reports grow with the files and not with their pairs.
 */
export const conflictingPairs = <T>(
  group: readonly T[],
  conflict: (one: T, other: T) => boolean,
): readonly (readonly [T, T])[] =>
  group.flatMap((one): (readonly [T, T])[] => {
    const other = group.find((candidate) => candidate !== one && conflict(one, candidate));
    return other === undefined ? [] : [[one, other]];
  });
