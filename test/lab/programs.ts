import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { cached } from "./cache.mjs";
import { PACKAGES, type Program } from "./packages/packages.ts";

/** The distribution's own come first: another Python in /usr/local has not the distribution's modules. */
const DIRECTORIES = [
  ...["/usr/sbin", "/usr/bin", "/sbin", "/bin", "/usr/local/sbin", "/usr/local/bin"],
  "/usr/lib/frr", // FRR starts its daemons by a script, which is not for machines without systemd
];

const PROGRAMS: readonly Program[] = Object.values(PACKAGES).flat();

/** The file of a program, wherever this distribution has it. */
export function programFile(program: string): string | undefined {
  return DIRECTORIES.map((directory) => join(directory, program)).find((file) => existsSync(file));
}

/**
 * A directory with links to the listed programs and to Node.js, and nothing else: the PATH of the lab and of its tests. So a program
 * that nobody has listed is not found, whatever happens to be installed on the machine on which the test is written.
 */
export function programsFolder(): string {
  const links = new Map<string, string>(
    PROGRAMS.flatMap((program) => {
      const file = programFile(program);
      return file === undefined ? [] : [[program, file] as const];
    }),
  );
  links.set("node", process.execPath);
  const key = createHash("sha256")
    .update(JSON.stringify([...links]))
    .digest("hex")
    .slice(0, 12);
  const folder = cached(`programs-${key}`);
  if (existsSync(folder)) return folder;
  mkdirSync(dirname(folder), { recursive: true });
  const unfinished = mkdtempSync(`${folder}.`);
  for (const [name, file] of links) symlinkSync(file, join(unfinished, name));
  try {
    renameSync(unfinished, folder);
  } catch (error) {
    rmSync(unfinished, { recursive: true });
    if (!existsSync(folder)) throw error; // another process has been faster
  }
  return folder;
}
