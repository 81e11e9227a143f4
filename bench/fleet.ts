// What 10,000 profiles cost beside `node -e 0`: `npm run bench-fleet [ROUNDS]`. docs/explanation/performance.md has the numbers.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { measure } from "./measure.ts";

const GENXML = [process.execPath, resolve("dist/genxml.js")];
const GUESTS = 10_000;
const BOUND = 60;
const rounds = Number(process.argv[2] ?? 5);

const HOST = {
  name: "kvm1",
  routed: { uplinks: ["eno1"], prefixes: ["2001:db8:1::/64", "10.8.0.0/16"] },
};

const profile = (index: number): object => {
  const name = `guest${String(index)}`;
  const mac = (index + 0x1000000).toString(16).slice(-6).match(/../g) ?? [];
  return {
    name,
    memory: "1 GiB",
    disks: [{ source: `/var/lib/libvirt/images/${name}.qcow2` }],
    interfaces: [
      {
        type: "routed",
        // Of so many names, some derive the same MAC address.
        mac: ["52", "54", "01", ...mac].join(":"),
        addresses: [
          `2001:db8:1::${(index + 1).toString(16)}`,
          `10.8.${String((index + 1) >> 8)}.${String((index + 1) & 255)}`,
        ],
      },
    ],
  };
};

const folder = mkdtempSync(join(tmpdir(), "guestnet-bench-"));
try {
  const guests = join(folder, "guests");
  mkdirSync(guests);
  writeFileSync(join(guests, "host.json"), JSON.stringify(HOST));
  for (let index = 0; index < GUESTS; index += 1)
    writeFileSync(join(guests, `guest${String(index)}.json`), JSON.stringify(profile(index), null, 2));
  const floor = "node -e 0";
  const plan = "genxml addresses";
  const times = measure(
    [
      // Sixty of them, in one process after the other: what the plan may take.
      { name: floor, command: ["sh", "-c", 'for one in $(seq 60); do "$0" -e 0; done', process.execPath] },
      { name: plan, command: [...GENXML, "addresses", guests] },
      { name: "genxml check", command: [...GENXML, "check", guests] },
      { name: "genxml, unchanged", command: [...GENXML, guests, "-o", join(folder, "out")] },
    ],
    rounds,
  );
  const once = (times.get(floor) ?? NaN) / BOUND;
  console.log(
    `Node ${process.version}, ${String(GUESTS)} guests, medians of ${String(rounds)} interleaved rounds\n`,
  );
  for (const [name, ms] of times) {
    const [shown, ratio] = name === floor ? [once, 1] : [ms, ms / once];
    console.log(`${name.padEnd(20)}${shown.toFixed(0).padStart(7)} ms${ratio.toFixed(0).padStart(6)} times`);
  }
  const ratio = (times.get(plan) ?? NaN) / once;
  console.log(`\n${plan}: at most ${String(BOUND)} times ${floor}: ${ratio <= BOUND ? "ok" : "TOO SLOW"}`);
  if (ratio > BOUND) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true });
}
