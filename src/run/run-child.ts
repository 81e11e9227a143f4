import { spawn } from "node:child_process";
import type { Run } from "../kernel/host.ts";
import { type Deadline, ended } from "./deadline.ts";
import { ENVIRONMENT } from "./environment.ts";

/**
 * Runs programs until a deadline. One that is still running then is killed: libvirt waits for a hook without a
 * limit, and `virsh list` hangs with it.
 *
 * @param environment all that they find in theirs
 */
export const runUntil =
  (deadline: Deadline, environment = ENVIRONMENT): Run =>
  (file, args, stdin = "") =>
    new Promise((resolve, reject) => {
      const until = deadline();
      const child = spawn(file, args, {
        env: environment,
        timeout: Math.max(1, until - Date.now()),
        killSignal: "SIGKILL",
      });
      const out: Buffer[] = [];
      const err: Buffer[] = [];
      child.stdout.on("data", (chunk: Buffer) => out.push(chunk));
      child.stderr.on("data", (chunk: Buffer) => err.push(chunk));
      // A program that does not read its input to the end is judged by its exit code.
      child.stdin.on("error", () => undefined);
      child.on("error", (cause) => {
        reject(new Error(`cannot run ${file}: ${cause.message}`, { cause }));
      });
      child.on("exit", (_, signal) => {
        // What it has started itself may hold its pipes, and would be waited for.
        if (signal !== "SIGKILL") return;
        child.stdout.destroy();
        child.stderr.destroy();
      });
      child.on("close", (code, signal) => {
        const [stdout, stderr] = [Buffer.concat(out).toString(), Buffer.concat(err).toString()];
        const late = signal === "SIGKILL" && Date.now() >= until;
        resolve(late ? ended(file, stdout, stderr) : { code: code ?? 128, stdout, stderr });
      });
      child.stdin.end(stdin);
    });
