// Runs in the lab, beside what it measures: `node rounds.mjs PLAN.json` prints the median of each contender in milliseconds.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";

const { contenders, rounds } = JSON.parse(readFileSync(process.argv[2] ?? "", "utf8"));
// What libvirt gives a hook, and nothing else (virCommandAddEnvPassCommon).
const env = {
  PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
  HOME: "/root",
  LC_ALL: "C",
};

/** @type {(argv: readonly string[], input?: string) => void} */
const run = (argv, input) => {
  const [file = "", ...args] = argv;
  const ran = spawnSync(file, args, { env, input, encoding: "utf8" });
  if (ran.status !== 0) throw new Error(`${argv.join(" ")}: ${ran.stderr || ran.error?.message}`);
};

/** @type {(contender: { before?: string, calls: readonly { argv: string[], input?: string }[] }) => number} */
const wallTime = ({ before, calls }) => {
  if (before !== undefined) run(["sh", "-ec", before]);
  const start = process.hrtime.bigint();
  for (const { argv, input } of calls) run(argv, input);
  return Number(process.hrtime.bigint() - start) / 1e6;
};

/** @type {number[][]} */
const times = contenders.map(() => []);
for (let round = -1; round < rounds; round += 1) {
  for (let at = 0; at < contenders.length; at += 1) {
    // Each round begins with another one, so that what else the machine does meets all of them.
    const index = (at + Math.max(0, round)) % contenders.length;
    const time = wallTime(contenders[index]);
    if (round >= 0) times[index]?.push(time);
  }
}
/** @type {(all: number[]) => number | undefined} */
const median = (all) => all.toSorted((a, b) => a - b)[Math.floor(all.length / 2)];
console.log(JSON.stringify(times.map(median)));
