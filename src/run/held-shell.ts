import { execa } from "execa";
import type { Ran } from "../kernel/host.ts";
import { type Deadline, ended } from "./deadline.ts";

/** A shell that reads script after script from its standard input: one process here for all of them. */
export interface HeldShell {
  /**
   * Has the shell run a script. A shell that has ended, or ends meanwhile, gives how it ended and what it printed.
   *
   * @param end the line that the script prints last, and that nothing else prints
   */
  readonly run: (script: string, end: string) => Promise<Ran>;
  /** Ends it, within so many milliseconds. */
  readonly close: (ms: number) => Promise<void>;
}

interface Running {
  readonly end: string;
  readonly resolve: (ran: Ran) => void;
}

/**
 * Starts a program that leads to such a shell, as ssh(1). Scripts come one after the other. At the deadline the program is killed: what
 * it has started itself may hold its pipes, and is not waited for.
 */
export const holdShell = (
  file: string,
  args: readonly string[],
  deadline: Deadline,
  environment: Readonly<Record<string, string>>,
): HeldShell => {
  const child = execa(file, args, {
    ...{ env: environment, extendEnv: false, reject: false, buffer: false, encoding: "utf8" },
    ...{ timeout: Math.max(1, deadline() - Date.now()), killSignal: "SIGKILL" },
  });
  let running: Running | null = null;
  let stdout = "";
  let stderr = "";
  // The end may come in two parts. Only what is new is searched: an output may have megabytes.
  let unsearched = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
    if (running === null) return;
    unsearched += text;
    const { end, resolve } = running;
    if (!unsearched.includes(end)) {
      unsearched = unsearched.slice(1 - end.length);
      return;
    }
    running = null;
    resolve({ code: 0, stdout, stderr: "" });
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  // A shell that has ended reads no more: how it ended says so.
  child.stdin.on("error", () => undefined);
  child.on("exit", (_, signal) => {
    if (signal !== "SIGKILL") return;
    child.stdout.destroy();
    child.stderr.destroy();
  });
  const over = child.then(({ exitCode, timedOut, originalMessage, cause }): Ran => {
    if (child.pid === undefined) throw new Error(`cannot run ${file}: ${originalMessage ?? ""}`, { cause });
    return timedOut ? ended(file, stdout, stderr) : { code: exitCode ?? 128, stdout, stderr };
  });
  // Who runs a script learns of it.
  over.catch(() => undefined);
  return {
    run: (script, end) => {
      stdout = "";
      unsearched = "";
      const answer = new Promise<Ran>((resolve) => {
        running = { end, resolve };
        child.stdin.write(script);
      });
      return Promise.race([answer, over]);
    },
    close: async (ms) => {
      child.stdin.end();
      const timer = setTimeout(() => child.kill("SIGKILL"), ms);
      try {
        await over.catch(() => undefined);
      } finally {
        clearTimeout(timer);
      }
    },
  };
};
