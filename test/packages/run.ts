// Makes the packages twice, has them examined, and tries their life in new Debian systems: `npm run test:packages [-- SUITE...]`.
// Needs root, and the Debian packages rpm, lintian and rpmlint.
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { archiveOf } from "../fresh/archive.ts";
import { SUITES } from "../fresh/bootstrap.ts";
import { enterSystem } from "../fresh/enter.ts";
import { unpackSystem } from "../fresh/system.ts";

const say = (line: string): void => {
  process.stderr.write(`packages: ${line}\n`);
};

/** @returns the exit code of the life in a new system of this release */
const liveIn = async (suite: (typeof SUITES)[number], packages: string): Promise<number> => {
  const root = mkdtempSync("/var/tmp/guestnet-packages-");
  try {
    unpackSystem(archiveOf(suite, say), root);
    mkdirSync(join(root, "root/packages"));
    for (const file of filesIn(packages, ".deb"))
      copyFileSync(file, join(root, "root/packages", basename(file)));
    copyFileSync("test/packages/life.sh", join(root, "root/life.sh"));
    say(suite);
    return await enterSystem(root, "root", "bash life.sh /root/packages");
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
};

/** Runs a program and shows what it prints. */
const run = (file: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): void => {
  execFileSync(file, args, { stdio: ["ignore", "inherit", "inherit"], env: { ...process.env, ...env } });
};

/** Builds into a folder; where, when and under which settings must not show. */
const build = (folder: string, env: Readonly<Record<string, string>> = {}): void => {
  say(`building: ${folder}`);
  run("npm", ["run", "--silent", "package", "--", folder], env);
};

const filesIn = (folder: string, end: string): readonly string[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith(end))
    .map((name) => join(folder, name));

const wanted = process.argv.slice(2);
const suites = SUITES.filter((suite) => wanted.length === 0 || wanted.includes(suite));
const unknown = wanted.filter((name) => !SUITES.some((suite) => suite === name));
if (unknown.length > 0) throw new Error(`must be of ${SUITES.join(", ")}, found ${unknown.join(", ")}`);
const packages = mkdtempSync("/var/tmp/guestnet-built-");
try {
  const [first, second] = [join(packages, "first"), join(packages, "second")];
  build(first);
  build(second, { TZ: "Asia/Tokyo", LC_ALL: "C.UTF-8", TMPDIR: packages });
  run("diff", ["--recursive", "--brief", first, second]);
  run("lintian", ["--fail-on", "error", "--allow-root", ...filesIn(first, ".deb")]);
  run("rpmlint", ["--config", "packaging/lint/rpmlint.toml", ...filesIn(first, ".rpm")]);
  for (const suite of suites) {
    const code = await liveIn(suite, first);
    if (code !== 0) process.exitCode = code;
  }
} finally {
  rmSync(packages, { recursive: true, force: true });
}
