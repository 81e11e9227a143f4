/** Returns KiB in their largest whole unit, as a profile writes memory: `2 GiB`, `1536 MiB`. */
export const renderSize = (kib: number): string => {
  if (kib % 1024 ** 2 === 0) return `${kib / 1024 ** 2} GiB`;
  return kib % 1024 === 0 ? `${kib / 1024} MiB` : `${kib} KiB`;
};

// formatdomain, "Memory Allocation": the units that libvirt reads.
const BYTES: Readonly<Record<string, number>> = {
  ...{ b: 1, bytes: 1, KB: 1e3, k: 1024, K: 1024, KiB: 1024, MB: 1e6, M: 1024 ** 2, MiB: 1024 ** 2 },
  ...{ GB: 1e9, G: 1024 ** 3, GiB: 1024 ** 3, TB: 1e12, T: 1024 ** 4, TiB: 1024 ** 4 },
};

/**
 * Reads an amount of memory of a domain XML.
 *
 * @param unit as libvirt's `unit` attribute; null is its default, KiB
 * @returns KiB, rounded up as libvirt does; null for an invalid amount
 */
export const readSize = (amount: string, unit: string | null): number | null => {
  const bytes = BYTES[unit ?? "KiB"];
  if (bytes === undefined || !/^\s*\d{1,18}\s*$/.test(amount)) return null;
  return Math.ceil((Number(amount) * bytes) / 1024);
};
