// Runs a command in a new Debian system: `npm run test:fresh -- [-s SUITE] [--keep DIRECTORY] [COMMAND]`
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { archiveOf } from "./archive.ts";
import { type Suite, SUITES } from "./bootstrap.ts";
import { enterSystem } from "./enter.ts";
import { CLONE, makeSystem, updateClone } from "./system.ts";

/** What notices a package that the setup does not install: the unit tests without any, then each program after the setup. */
const COMMAND = "npm ci && npm run --silent unit && npm run --silent test:programs";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { suite: { type: "string", short: "s", default: "bookworm" }, keep: { type: "string" } },
});
const say = (line: string): void => {
  process.stderr.write(`fresh: ${line}\n`);
};

try {
  process.exitCode = await inNewSystem(suiteOf(values.suite), values.keep, positionals.join(" ") || COMMAND);
} catch (error) {
  say(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}

function suiteOf(name: string): Suite {
  const suite = SUITES.find((known) => known === name);
  if (suite === undefined) throw new Error(`--suite must be one of ${SUITES.join(", ")}, found "${name}"`);
  return suite;
}

/** @returns the command's exit code */
async function inNewSystem(suite: Suite, keep: string | undefined, command: string): Promise<number> {
  if (process.getuid?.() !== 0) throw new Error("it makes namespaces and mounts, and needs root");
  const root = keep === undefined ? mkdtempSync("/var/tmp/guestnet-fresh-") : resolve(keep);
  try {
    if (existsSync(join(root, CLONE))) updateClone(root);
    else makeSystem(archiveOf(suite, say), root);
    say(`${root}: ${command}`);
    return await enterSystem(root, CLONE, command);
  } finally {
    if (keep === undefined) rmSync(root, { recursive: true, force: true });
  }
}
