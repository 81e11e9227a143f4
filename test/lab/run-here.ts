import { type Ended, runProgram } from "../support/run-program.ts";
import type { Program } from "./packages/packages.ts";
import { programsFolder } from "./programs.ts";

/** Runs a listed program, or Node.js, to its end on this machine itself and not in the lab. */
export function runHere(program: Program | "node", args: readonly string[], stdin = ""): Ended {
  const env = { ...process.env, PATH: programsFolder() };
  const ended = runProgram(program, args, { input: stdin, env });
  if (ended.status === null) throw new Error(`${program} cannot be run: ${ended.stderr}`);
  return ended;
}
