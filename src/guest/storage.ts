import { posix } from "node:path";
import { never } from "../values/brand.ts";
import type { DiskSource } from "./disk.ts";

/** Returns what a disk is on the host, however its path is written; an empty text for a drive without a disc. */
export const storageOf = (source: DiskSource): string => {
  switch (source.kind) {
    case "file":
    case "block":
      return posix.normalize(source.path);
    case "volume":
      return `volume ${source.volume} of pool ${source.pool}`;
    case "empty":
      return "";
    default:
      return never(source);
  }
};
