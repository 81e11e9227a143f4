import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { type Ended, runProgram } from "./run-program.ts";

/** The built program in a folder of its own. */
export interface Genxml {
  readonly folder: string;
  readonly write: (file: string, text: string | Uint8Array) => void;
  readonly run: (args: readonly string[], input?: string) => Ended;
  readonly remove: () => void;
}

export const genxmlIn = (): Genxml => {
  const folder = mkdtempSync(join(tmpdir(), "guestnet-genxml-"));
  return {
    folder,
    write: (file, text) => {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), text);
    },
    run: (args, input = "") =>
      runProgram(process.execPath, [resolve("dist/genxml.js"), ...args], { cwd: folder, input }),
    remove: () => {
      rmSync(folder, { recursive: true });
    },
  };
};
