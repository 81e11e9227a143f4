import { existsSync } from "node:fs";
import type { Ability } from "../test/lab/abilities.ts";
import { detect } from "../test/lab/detect.ts";
import { missingPackages } from "../test/lab/packages/install-packages.ts";
import { INSTALLED } from "../test/lab/quickjs.ts";
import { runProgram } from "../test/support/run-program.ts";

/** Ends the process with one sentence where no lab with these abilities can run. */
export const requireLab = (needs: readonly Ability[]): void => {
  const missing = missingPackages();
  const found = missing.length > 0 ? { why: `no ${missing.join(", ")}` } : detect(needs);
  if ("mode" in found) return;
  console.error(`the lab is not ready (${found.why}): run "npx tsx test/lab/setup.ts" first, as root`);
  process.exit(1);
};

/** Ends the process with one sentence where the peer that is written in Python could not run. */
export const requirePyroute2 = (): void => {
  if (runProgram("/usr/bin/python3", ["-c", "import pyroute2"]).status === 0) return;
  console.error(
    'Python has no pyroute2, which a compared hook needs: run "apt install python3-pyroute2" first',
  );
  process.exit(1);
};

/** Prints that the times are of Node.js alone, where it is so. */
export const noteMissingEngine = (): void => {
  if (existsSync(INSTALLED)) return;
  console.log(`QuickJS is not measured: ${INSTALLED} is missing (package quickjs, from Debian 13 on)`);
};
