import type { Run } from "../kernel/host.ts";
import { type Deadline, ended } from "./deadline.ts";
import { ENVIRONMENT } from "./environment.ts";

const isLate = (error: Error | undefined): boolean =>
  error !== undefined && "code" in error && error.code === "ETIMEDOUT";

/**
 * Runs programs until a deadline as `runUntil` does, but waits for each: Node needs no streams for that, and they cost more than
 * two programs side by side would save the hook. What Node needs to start one is loaded when the first is.
 */
export const runInTurn =
  (deadline: Deadline): Run =>
  async (file, args, stdin = "") => {
    const { spawnSync } = await import("node:child_process");
    const { status, signal, error, stdout, stderr } = spawnSync(file, args, {
      env: ENVIRONMENT,
      input: stdin,
      encoding: "utf8",
      maxBuffer: Infinity,
      timeout: Math.max(1, deadline() - Date.now()),
      killSignal: "SIGKILL",
    });
    if (isLate(error)) return ended(file, stdout, stderr);
    // A program that does not read its input to the end (EPIPE) is judged by how it ended.
    if (status === null && signal === null && error !== undefined)
      throw new Error(`cannot run ${file}: ${error.message.replace("spawnSync", "spawn")}`, { cause: error });
    return { code: status ?? 128, stdout, stderr };
  };
