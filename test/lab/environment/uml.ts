import { mkdtempSync, readFileSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Recipe } from "./environment.ts";
import { here } from "../here.ts";
import { programsFolder } from "../programs.ts";
import { quoted } from "../quoted.ts";
import type { UmlKernel } from "../kernels/uml-kernel.ts";

/** UML's memory; pages are taken when they are first used. */
const memoryMiB = Number(process.env["GUESTNET_LAB_MEMORY"] ?? 3072);

/** The environment inside User Mode Linux, whose root file system is this machine's. */
export function umlRecipe(kernel: UmlKernel): Recipe {
  const run = mkdtempSync(join(tmpdir(), "guestnet-lab-"));
  // The kernel command line cannot carry every path: process 1 is a script that knows them.
  const init = [
    "sh",
    here("environment/uml-init.sh"),
    process.execPath,
    here("agent.mjs"),
    ...kernel.modules(),
  ];
  const path = quoted(programsFolder());
  const script = `#!/bin/sh\nexport PATH=${path}\nexec ${init.map(quoted).join(" ")}\n`;
  writeFileSync(join(run, "init"), script, { mode: 0o755 });
  const own = takeCpu();
  return {
    argv: umlCommand(kernel.binary, own.cpu, run, [...kernel.parameters, `init=${join(run, "init")}`]),
    env: { TMPDIR: memoryFolder() },
    started: () => {
      rmSync(run, { recursive: true, force: true });
    },
    ended: own.free,
  };
}

/**
 * The command that starts User Mode Linux with the agent's channel at descriptor 3.
 *
 * @param binary the kernel
 * @param run a directory for its own files
 * @param parameters for its command line: at least its process 1
 */
export function umlCommand(
  binary: string,
  cpu: number,
  run: string,
  parameters: readonly string[],
): readonly string[] {
  // A pid namespace ends all of UML's processes with the first. Not for an ordinary user: it would take a
  // user namespace, in which root's files look like nobody's, and setuid mount(8) then fails in UML.
  const pidNamespace = process.getuid?.() === 0 ? ["unshare", "--pid", "--fork", "--kill-child"] : [];
  return [
    ...["taskset", "-c", `${cpu}`, ...pidNamespace, binary],
    ...[`mem=${memoryMiB}M`, "seccomp=auto", "quiet", "loglevel=3", `uml_dir=${run}/`],
    ...["root=/dev/root", "rootfstype=hostfs", "rw", ...parameters],
    // The console goes to the log, the first serial line is the agent's channel.
    ...["con=null", "con0=null,fd:2", "ssl=null", "ssl0=fd:3"],
  ];
}

/** The places of the UMLs of this process that run now, counted from the last CPU on. */
const taken = new Set<number>();

/** The first place of this process: jest numbers those that run test files side by side, from 1. */
const firstPlace = Number(process.env["JEST_WORKER_ID"] ?? 1) - 1;

/**
 * UML hands over between two processes at each system call, which is 2-4 times cheaper on one CPU. Each takes its own: the
 * last, the last but one, ... of those that this process may use, from this process's own on.
 */
export function takeCpu(): { readonly cpu: number; readonly free: () => void } {
  let place = firstPlace;
  while (taken.has(place)) place += 1;
  taken.add(place);
  const list = /^Cpus_allowed_list:\s*(.*)$/m.exec(readFileSync("/proc/self/status", "utf8"))?.[1] ?? "0";
  const cpus = list.split(",").flatMap((range) => {
    const [first = 0, last = first] = range.split("-").map(Number);
    return Array.from({ length: last - first + 1 }, (_, i) => first + i);
  });
  return { cpu: cpus.at(-1 - (place % cpus.length)) ?? 0, free: () => void taken.delete(place) };
}

/** Where UML's memory is kept, as a file: /dev/shm is fastest, but in a container it often has 64 MiB. */
export function memoryFolder(): string {
  try {
    const { bavail, bsize } = statfsSync("/dev/shm");
    if (bavail * bsize >= memoryMiB * 2 ** 20) return "/dev/shm";
  } catch {
    // there is none
  }
  return tmpdir();
}
