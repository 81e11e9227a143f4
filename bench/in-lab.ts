// What calls of the hook cost in a machine of the lab, in the environment that libvirt gives it: rounds.py runs there.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { installHook } from "../test/e2e/stage/host/install-hook.ts";
import { type HookEngine, installedEngines } from "../test/lab/engines.ts";
import type { Machine } from "../test/lab/lab.ts";

/** The engines that are compared. One that only the lab has unpacked starts by a shell and a loader of its own. */
export const ENGINES = installedEngines();

/** Where the hook is that this engine runs. */
export const hookOf = ({ name }: HookEngine): string => `/run/hook-${name}`;

/** Puts one hook for each engine there. */
export const installHooks = async (host: Machine): Promise<void> => {
  for (const engine of ENGINES) await installHook(host, engine, hookOf(engine));
};

/** The most that all calls of one `virsh start` may take, in times of `node -e 0`. */
export const AT_MOST = { QuickJS: 1.2, "Node.js": 2.6 } as const satisfies Record<HookEngine["name"], number>;

/** Something to be timed: calls one after the other, and what puts the host back before them. */
export interface Contender {
  readonly name: string;
  readonly before?: string;
  readonly calls: readonly { readonly argv: readonly string[]; readonly input?: string }[];
}

/** The floors that the others are compared with. */
export const FLOORS: readonly Contender[] = [
  { name: "sh -c :", calls: [{ argv: ["sh", "-c", ":"] }] },
  { name: "node -e 0", calls: [{ argv: ["/usr/bin/node", "-e", "0"] }] },
];

/** Calls of a hook for the guest `vm`, in turn. */
export const calls = (file: string, operations: readonly string[], input: string): Contender["calls"] =>
  operations.map((operation) => ({ argv: [file, "vm", operation, "begin", "-"], input }));

/** Times them side by side. @returns the median of each in milliseconds, by its name */
export const measureOn = async (
  host: Machine,
  contenders: readonly Contender[],
  rounds: number,
): Promise<ReadonlyMap<string, number>> => {
  const folder = mkdtempSync(join(tmpdir(), "guestnet-bench-"));
  try {
    writeFileSync(join(folder, "plan.json"), JSON.stringify({ contenders, rounds }));
    // Not in front of other processes (chrt): where the kernel puts a started program is another matter then, and libvirt does not do so.
    const argv = ["/usr/bin/python3", resolve("bench/rounds.py"), join(folder, "plan.json")];
    const { code, stdout, stderr } = await host.run(argv, { timeoutMs: 900_000 });
    if (code !== 0) throw new Error(stderr);
    const medians = JSON.parse(stdout) as readonly number[];
    return new Map(contenders.map(({ name }, index) => [name, medians[index] ?? NaN]));
  } finally {
    rmSync(folder, { recursive: true });
  }
};

/** Prints one measured time, beside a floor of the same rounds where it has one of its own. */
export const printTime = (name: string, ms: number, floor?: number): void => {
  const beside = floor === undefined ? "" : ` (node -e 0: ${floor.toFixed(1)})`;
  console.log(`${name.padEnd(44)}${ms.toFixed(1).padStart(8)} ms${beside}`);
};

/** Prints whether a bound is kept; the process ends with 1 when one is not. */
export const printBound = (name: string, value: number, bound: number): void => {
  const verdict = value <= bound ? "ok" : "TOO SLOW";
  console.log(`${name.padEnd(44)}${value.toFixed(2).padStart(8)}, at most ${bound.toFixed(2)}: ${verdict}`);
  if (value > bound) process.exitCode = 1;
};
