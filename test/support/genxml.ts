import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";

/** The built program in a folder of its own. */
export interface Genxml {
  readonly folder: string;
  readonly write: (file: string, text: string | Uint8Array) => void;
  readonly run: (
    args: readonly string[],
    input?: string,
  ) => { readonly status: number | null; readonly stdout: string; readonly stderr: string };
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
    run: (args, input = "") => {
      const { status, stdout, stderr } = spawnSync(process.execPath, [resolve("dist/genxml.js"), ...args], {
        cwd: folder,
        input,
        encoding: "utf8",
        maxBuffer: 2 ** 28,
      });
      return { status, stdout, stderr };
    },
    remove: () => {
      rmSync(folder, { recursive: true });
    },
  };
};
