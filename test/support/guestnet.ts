import { chmodSync, cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type Ended, runProgram } from "./run-program.ts";

/** Runs the built guestnet. @param env beside PATH, which is this process's */
export const guestnet = (args: readonly string[], env: Readonly<Record<string, string>> = {}): Ended =>
  runProgram(process.execPath, [resolve("dist/guestnet.js"), ...args], {
    env: { PATH: process.env["PATH"], ...env },
  });

/** Runs it as a user who is not root. It is a copy: the project may lie where root alone may read, in /root. */
export const guestnetAsUser = (args: readonly string[]): Ended =>
  inFolder((folder) => {
    chmodSync(folder, 0o755);
    cpSync("dist", join(folder, "dist"), { recursive: true });
    const nobody = ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups"];
    const prefix = process.geteuid?.() === 0 ? nobody : [];
    const [file = "", ...rest] = [...prefix, process.execPath, join(folder, "dist/guestnet.js"), ...args];
    return runProgram(file, rest, { cwd: "/" });
  });

/** Runs something with a folder that is gone afterwards. */
export const inFolder = <T>(work: (folder: string) => T): T => {
  const folder = mkdtempSync(join(tmpdir(), "guestnet-"));
  const remove = (): void => {
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const result = work(folder);
    if (result instanceof Promise) return result.finally(remove) as T;
    remove();
    return result;
  } catch (error) {
    remove();
    throw error;
  }
};
