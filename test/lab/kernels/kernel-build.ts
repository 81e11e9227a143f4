import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { mkdir, readdir, rename, rm, writeFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { cached } from "../cache.mjs";
import { here } from "../here.ts";
import { fetchKernelSource } from "./kernel-source.ts";
import { tryKernel } from "./kernel-trial.ts";
import { installPackages, missingPackages } from "../packages/install-packages.ts";
import { KERNEL_PACKAGES } from "../packages/packages.ts";
import { smallKernelAt } from "./uml-kernel.ts";

type Say = (line: string) => void;

/** A kernel to build: `make ARCH=arch base`, then the settings of a file of this directory, then `make target`. */
interface Build {
  readonly what: string;
  readonly arch: string;
  readonly base: string;
  readonly settings: string;
  readonly target: string;
  /** The file that make leaves, and its name in the cache. */
  readonly made: string;
  readonly name: string;
  /** Fails if the new kernel is not what it should be. */
  readonly attempt?: (kernel: string) => Promise<void>;
  /** About so many files are compiled. */
  readonly files: number;
}

const UML: Build = {
  what: "User Mode Linux",
  arch: "um",
  base: "defconfig",
  settings: here("kernels/uml.config"),
  target: "linux",
  made: "linux",
  name: "linux.uml",
  attempt: async (kernel) => tryKernel(smallKernelAt(kernel)),
  files: 1050,
};
const GUEST: Build = {
  what: "the guests' kernel",
  arch: "x86_64",
  base: "tinyconfig",
  settings: here("kernels/guest.config"),
  target: "bzImage",
  made: "arch/x86/boot/bzImage",
  name: "guest-vmlinuz",
  files: 930,
};

const PROGRESS_MS = 30_000;

/**
 * Builds the two small kernels into the cache, unless they are there: put there by hand, or built from these settings. Where that
 * fails, says why: Debian's kernels stand in, and the lab takes two to three times as long.
 */
export async function ensureKernels(say: Say): Promise<void> {
  const builds = [UML, GUEST].filter((build) => !isThere(build));
  if (builds.length === 0) return;
  say("building small kernels from Debian's source, once, about 10 minutes on two idle processors");
  const begun = Date.now();
  await mkdir(cached("kernel"), { recursive: true });
  await removeLeftovers();
  const work = cached(`kernel-build-${process.pid}`);
  await mkdir(work);
  try {
    const missing = missingPackages(KERNEL_PACKAGES);
    if (missing.length > 0) installPackages(missing, say);
    const tree = await fetchKernelSource(work, say);
    for (const build of builds) {
      const kernel = await make(build, tree, join(work, build.arch), say);
      await build.attempt?.(kernel);
      await rename(kernel, cached("kernel", build.name));
      await writeFile(stamp(build), key(build));
    }
    say(`the small kernels are built, in ${Math.ceil((Date.now() - begun) / 60_000)} minutes`);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    say(`no small kernels, so Debian's stand in, and the lab takes longer: ${lastLines(why)}`);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** Removes the 2 GB that a build leaves when its process is killed. */
async function removeLeftovers(): Promise<void> {
  for (const name of await readdir(cached())) {
    const pid = /^kernel-build-(\d+)$/.exec(name)?.[1];
    if (pid !== undefined && !existsSync(`/proc/${pid}`)) await rm(cached(name), { recursive: true });
  }
}

/** Whether it is in the cache, and, if it was built here, from the settings of today. */
function isThere(build: Build): boolean {
  if (!existsSync(cached("kernel", build.name))) return false;
  return !existsSync(stamp(build)) || readFileSync(stamp(build), "utf8") === key(build);
}

/** The file that says from which settings a kernel in the cache was built: there is none beside one that was put there by hand. */
function stamp({ name }: Build): string {
  return cached("kernel", `${name}.built-from`);
}

function key({ settings }: Build): string {
  return createHash("sha256").update(readFileSync(settings)).digest("hex");
}

/** Builds one kernel in the new directory `out`. @returns its file */
async function make(build: Build, tree: string, out: string, say: Say): Promise<string> {
  const argv = ["-C", tree, `O=${out}`, `ARCH=${build.arch}`];
  await mkdir(out);
  await execa("make", [...argv, build.base]);
  await writeFile(join(out, ".config"), readFileSync(build.settings), { flag: "a" }); // the last of two settings counts
  await execa("make", [...argv, "olddefconfig"]);
  const compile = execa("make", [...argv, `-j${availableParallelism()}`, build.target]);
  let files = 0;
  let said = 0;
  for await (const line of compile) {
    if (/^ {2}(CC|AS)\b/.test(line)) files += 1;
    if (Date.now() - said < PROGRESS_MS) continue;
    said = Date.now();
    say(`compiling ${build.what}: ${files} of about ${build.files} files`);
  }
  return join(out, build.made);
}

function lastLines(text: string): string {
  return text.trimEnd().split("\n").slice(-20).join("\n");
}
