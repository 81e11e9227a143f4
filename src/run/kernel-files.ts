import { readFileSync, writeFileSync } from "node:fs";
import type { Host } from "../kernel/host.ts";

const MISSING: ReadonlySet<unknown> = new Set(["ENOENT", "ENODEV", "ENOTDIR"]);
const isMissing = (error: unknown): boolean =>
  error instanceof Error && "code" in error && MISSING.has(error.code);

const readFile = (name: string): string | null => {
  try {
    return readFileSync(name, "utf8").trim();
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
};

/** Reads and writes the kernel's own files directly: a hundredth of a millisecond, where sysctl(8) is a process. */
export const kernelFiles: Pick<Host, "readFile" | "readSysctl" | "writeSysctl" | "writeSysfs"> = {
  readFile,
  readSysctl: (name) => readFile(`/proc/sys/${name}`),
  writeSysctl: (name, value) => {
    writeFileSync(`/proc/sys/${name}`, value);
  },
  writeSysfs: (name, value) => {
    writeFileSync(`/sys/${name}`, value);
  },
};
