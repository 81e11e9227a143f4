import { spawnSync } from "node:child_process";
import type { Program } from "./packages.ts";
import { programsFolder } from "./programs.ts";

/** Runs a listed program, or Node.js, to its end on this machine itself and not in the lab. */
export function runHere(program: Program | "node", args: readonly string[], stdin = "") {
  const env = { ...process.env, PATH: programsFolder() };
  const { error, status, stdout, stderr } = spawnSync(program, args, { input: stdin, encoding: "utf8", env });
  if (error !== undefined) throw error;
  return { status, stdout, stderr };
}
