import { existsSync } from "node:fs";
import { outputOf } from "../support/run-program.ts";
import { type NextPrograms, runApt, SUITE, unpacked, unpackNext } from "./packages/next-debian.ts";

/** Where Debian's package puts it. */
export const INSTALLED = "/usr/bin/qjs";

const QUICKJS: NextPrograms = {
  folder: "quickjs",
  packages: ["quickjs"],
  programs: ["usr/bin/qjs"],
  libraries: [],
};

/** Where this machine, or the lab for it, has QuickJS; null where neither has. */
export const quickJs = (): string | null =>
  [INSTALLED, unpacked(QUICKJS, "qjs")].find((file) => existsSync(file)) ?? null;

/** Sees to it that the hook's tests have QuickJS: Debian's package, or from Debian 12 that of the next. */
export const ensureQuickJs = (say: (line: string) => void): void => {
  if (quickJs() !== null) return;
  if (process.getuid?.() !== 0 || !existsSync("/usr/bin/apt-get")) {
    say("there is no qjs, and only root on Debian can have it here: what runs on QuickJS is skipped");
    return;
  }
  runApt(["apt-get", "update", "-q"]);
  if (/Candidate: \d/.test(runApt(["apt-cache", "policy", "quickjs"]))) {
    say("installing quickjs");
    runApt(["apt-get", "install", "-y", "-q", "--no-install-recommends", "quickjs"]);
  } else {
    say(`unpacking quickjs of Debian's ${SUITE}`);
    unpackNext(QUICKJS);
    outputOf(unpacked(QUICKJS, "qjs"), ["--std", "--script", "-e", "std.exit(0)"]);
  }
};
