/** Things by what they have in common, in the order in which they came. */
export const groupBy = <T>(all: readonly T[], key: (one: T) => string): ReadonlyMap<string, readonly T[]> => {
  const groups = new Map<string, T[]>();
  for (const one of all) {
    const group = groups.get(key(one));
    if (group === undefined) groups.set(key(one), [one]);
    else group.push(one);
  }
  return groups;
};

/**
 * Each of a group with one of the others that it conflicts with: the first for all, the second for the first. One report for
 * each place, however many there are, so that the reports grow with the files and not with their pairs.
 */
export const withOther = <T>(
  group: readonly T[],
  clash: (one: T, other: T) => boolean,
): readonly (readonly [T, T])[] =>
  group.flatMap((one): (readonly [T, T])[] => {
    const other = group.find((candidate) => candidate !== one && clash(one, candidate));
    return other === undefined ? [] : [[one, other]];
  });
