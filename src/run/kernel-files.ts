import type * as Files from "node:fs";
import { type Host, kernelFilesBy } from "../kernel/host.ts";

const MISSING: ReadonlySet<unknown> = new Set(["ENOENT", "ENODEV", "ENOTDIR"]);
const isMissing = (error: unknown): boolean =>
  error instanceof Error && "code" in error && MISSING.has(error.code);

/** The kernel's own files, as Node reads and writes them. @param fs Node's, which the hook must not load in another engine */
export const kernelFilesOf = ({
  existsSync,
  readFileSync,
  writeFileSync,
}: Pick<typeof Files, "existsSync" | "readFileSync" | "writeFileSync">): ReturnType<typeof kernelFilesBy> => {
  const readFile: Host["readFile"] = (name) => {
    // Many are not there, and each exception takes as long as several files.
    if (!existsSync(name)) return null;
    try {
      return readFileSync(name, "utf8").trim();
    } catch (error) {
      if (isMissing(error)) return null;
      throw error;
    }
  };
  return kernelFilesBy(readFile, writeFileSync, existsSync);
};
