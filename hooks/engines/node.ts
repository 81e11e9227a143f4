import { inJob } from "../../src/values/in-job.ts";
import type * as Processes from "node:child_process";
import type * as Files from "node:fs";
import { type Deadline, ended } from "../../src/run/deadline.ts";
import { kernelFilesOf } from "../../src/run/kernel-files.ts";
import type { Run } from "../../src/kernel/host.ts";
import type { Engine } from "./engine.ts";

const codeOf = (error: Error): string =>
  "code" in error && typeof error.code === "string" ? error.code : error.message;

/**
 * Node.js, 18 or newer.
 *
 * @param load Node's `require`: this file is in the same bundle as what runs elsewhere, so nothing of Node's is loaded before this is called
 */
export const node = (load: (name: string) => unknown): Engine => {
  const fs = load("node:fs") as typeof Files;
  /** Half as much again as the hook itself: only for those calls that run a program. */
  const processes = () => load("node:child_process") as typeof Processes;

  // Waits for each program: streams would cost more than two programs side by side would save.
  const runNow = (until: number, file: string, args: readonly string[], stdin: string) => {
    const { status, signal, error, stdout, stderr } = processes().spawnSync(file, args, {
      input: stdin,
      encoding: "utf8",
      maxBuffer: Infinity,
      timeout: Math.max(1, until - Date.now()),
      killSignal: "SIGKILL",
    });
    if (error !== undefined && codeOf(error) === "ETIMEDOUT") return ended(file, stdout, stderr);
    // A program that does not read its input to the end (EPIPE) is judged by how it ended.
    if (status === null && signal === null && error !== undefined)
      throw new Error(`cannot run ${file}: ${codeOf(error)}`, { cause: error });
    return { code: status ?? 128, stdout, stderr };
  };
  const runUntil =
    (deadline: Deadline): Run =>
    (file, args, stdin = "") =>
      inJob(() => runNow(deadline(), file, args, stdin));

  const leaveNow = (file: string, args: readonly string[]): number => {
    const child = processes().spawn(file, args, { detached: true, stdio: "ignore", cwd: "/" });
    // Seen below, by the process ID that it has not.
    child.on("error", () => undefined);
    child.unref();
    if (child.pid === undefined) throw new Error(`${file} cannot be started`);
    return child.pid;
  };

  return {
    name: `Node.js ${process.versions.node}`,
    hook: process.argv[1] ?? "",
    args: process.argv.slice(2),
    takeVariable: (name) => {
      const value = process.env[name] ?? "";
      Reflect.deleteProperty(process.env, name);
      return value;
    },
    isRoot: () => process.geteuid?.() === 0,
    readInput: () => fs.readFileSync(0, "utf8"),
    writeError: (text) => process.stderr.write(text),
    exit: (status) => process.exit(status),
    after: (ms, act) => {
      const timer = setTimeout(act, ms).unref();
      return () => {
        clearTimeout(timer);
      };
    },
    readFile: kernelFilesOf(fs).readFile,
    writeFile: fs.writeFileSync,
    exists: fs.existsSync,
    makeFolder: (name) => {
      fs.mkdirSync(name, { recursive: true });
    },
    removeFile: (name) => {
      fs.rmSync(name, { force: true });
    },
    runUntil,
    leave: (file, args) => inJob(() => leaveNow(file, args)),
  };
};
