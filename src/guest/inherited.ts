import type { Disk } from "./disk.ts";

/** A disk of a template: where its contents are, as `storageOf` (storage.ts) names it, and how it is used. */
export interface InheritedDisk extends Pick<Disk, "readonly" | "shareable"> {
  readonly storage: string;
}

/** Values that a guest has from its template and that no other guest may have. */
export interface Inherited {
  readonly disks: readonly InheritedDisk[];
  readonly macs: readonly string[];
  readonly taps: readonly string[];
  /** Paths of UEFI variables. */
  readonly nvrams: readonly string[];
}

/** A guest of a template that has no devices of its own, as the built-in one. */
export const NOTHING_INHERITED: Inherited = { disks: [], macs: [], taps: [], nvrams: [] };
