import { spawnSync } from "node:child_process";
import type { Run } from "../model/host.ts";
import { ENVIRONMENT } from "./environment.ts";

const isLate = (error: Error | undefined): boolean =>
  error !== undefined && "code" in error && error.code === "ETIMEDOUT";

/**
 * Runs programs until a deadline as `runUntil` does, but waits for each: Node needs no streams for that, and they cost more than
 * two programs side by side would save the hook, which asks two or three small questions.
 *
 * @param worksUntil milliseconds since the epoch
 * @param clearsUntil the deadline of programs that are started after the first one: they clear away
 */
export const runInTurnUntil =
  (worksUntil: number, clearsUntil = worksUntil): Run =>
  (file, args, stdin = "") => {
    const deadline = Date.now() < worksUntil ? worksUntil : clearsUntil;
    const { status, signal, error, stdout, stderr } = spawnSync(file, args, {
      env: ENVIRONMENT,
      input: stdin,
      encoding: "utf8",
      maxBuffer: Infinity,
      timeout: Math.max(1, deadline - Date.now()),
      killSignal: "SIGKILL",
    });
    const late = isLate(error);
    // A program that does not read its input to the end (EPIPE) is judged by how it ended.
    if (status === null && signal === null && error !== undefined && !late) {
      return Promise.reject(
        new Error(`cannot run ${file}: ${error.message.replace("spawnSync", "spawn")}`, { cause: error }),
      );
    }
    const said = stderr === "" ? "" : `: ${stderr}`;
    return Promise.resolve({
      code: status ?? (late ? 124 : 128),
      stdout,
      stderr: late ? `${file} had not ended when the time was up${said}` : stderr,
    });
  };
