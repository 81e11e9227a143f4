import { execa } from "execa";
import type { Run } from "../kernel/host.ts";
import { type Deadline, ended } from "./deadline.ts";
import { ENVIRONMENT } from "./environment.ts";

/**
 * Runs programs until a deadline. One that is still running then is killed: libvirt waits for a hook without a
 * limit, and `virsh list` hangs with it. What it has started itself may hold its pipes, and is not waited for.
 *
 * @param environment all that they find in theirs
 * @param killSignal what they get then, and when this process ends before them
 */
export const runUntil =
  (deadline: Deadline, environment = ENVIRONMENT, killSignal: "SIGKILL" | "SIGTERM" = "SIGKILL"): Run =>
  async (file, args, stdin = "") => {
    const child = execa(file, args, {
      env: environment,
      extendEnv: false,
      input: stdin,
      stripFinalNewline: false,
      reject: false,
      timeout: Math.max(1, deadline() - Date.now()),
      killSignal,
    });
    child.on("exit", (_, signal) => {
      if (signal !== "SIGKILL") return;
      child.stdout.destroy();
      child.stderr.destroy();
    });
    const { exitCode, stdout, stderr, timedOut, originalMessage, cause } = await child;
    if (child.pid === undefined) throw new Error(`cannot run ${file}: ${originalMessage ?? ""}`, { cause });
    return timedOut ? ended(file, stdout, stderr) : { code: exitCode ?? 128, stdout, stderr };
  };
