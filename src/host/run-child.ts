import { spawn } from "node:child_process";
import type { Run } from "../model/host.ts";
import { ENVIRONMENT } from "./environment.ts";

/**
 * Runs programs until a deadline. One that is still running then is killed: libvirt waits for a hook without a
 * limit, and `virsh list` hangs with it.
 *
 * @param worksUntil milliseconds since the epoch
 * @param clearsUntil the deadline of programs that are started after the first one: they clear away
 * @param environment all that they find in theirs
 */
export const runUntil =
  (worksUntil: number, clearsUntil = worksUntil, environment = ENVIRONMENT): Run =>
  (file, args, stdin = "") =>
    new Promise((resolve, reject) => {
      const deadline = Date.now() < worksUntil ? worksUntil : clearsUntil;
      const child = spawn(file, args, {
        env: environment,
        timeout: Math.max(1, deadline - Date.now()),
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
        const stderr = Buffer.concat(err).toString();
        const late = signal === "SIGKILL" && Date.now() >= deadline;
        resolve({
          code: code ?? (late ? 124 : 128),
          stdout: Buffer.concat(out).toString(),
          stderr: late
            ? `${file} had not ended when the time was up${stderr === "" ? "" : `: ${stderr}`}`
            : stderr,
        });
      });
      child.stdin.end(stdin);
    });
