import { readFileSync, writeFileSync } from "node:fs";
import type { Host } from "../model/host.ts";

const isMissing = (error: unknown): boolean =>
  error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENODEV");

/** Reads and writes /proc/sys directly: a hundredth of a millisecond, where sysctl(8) is a process. */
export const sysctl: Pick<Host, "readSysctl" | "writeSysctl"> = {
  readSysctl: (name) => {
    try {
      return readFileSync(`/proc/sys/${name}`, "utf8").trim();
    } catch (error) {
      if (isMissing(error)) return null;
      throw error;
    }
  },
  writeSysctl: (name, value) => {
    writeFileSync(`/proc/sys/${name}`, value);
  },
};
