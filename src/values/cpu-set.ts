const PART = /^(\^?)(\d{1,4})(?:-(\d{1,4}))?$/;

/** Numbers that parts have, one after the other: a part with `^` takes one away. @returns null for an invalid part */
const numbersOf = (parts: readonly string[]): ReadonlySet<number> | null => {
  const all = new Set<number>();
  for (const part of parts) {
    const [, without, from = "", to = from] = PART.exec(part) ?? [];
    const [first, last] = [Number(from), Number(to)];
    if (without === undefined || last < first || (without !== "" && from !== to)) return null;
    for (let number = first; number <= last; number += 1)
      if (without === "") all.add(number);
      else all.delete(number);
  }
  return all;
};

/**
 * Returns whether libvirt takes it for a set of CPUs or NUMA nodes, such as `0-7,^2` (virBitmapParse): ranges go up, single numbers are
 * taken away, and one is left.
 */
export const isCpuSet = (text: string): boolean => (numbersOf(text.split(","))?.size ?? 0) > 0;
