// What `guestnet status` of many guests takes: `npm run bench-status [ROUNDS]`. It needs the lab's packages.
import { openMany } from "../test/e2e/stage/many-guests.ts";
import { type Contender, FLOORS, measureOn, printTime } from "./in-lab.ts";

const GUESTS = 500;
const rounds = Number(process.argv[2] ?? 10);
const { lab, host, all, one } = await openMany(GUESTS);
try {
  const status = (libvirt: readonly string[]): Contender["calls"] => [
    { argv: [process.execPath, `${process.cwd()}/dist/guestnet.js`, "status", ...libvirt] },
  ];
  const times = await measureOn(
    host,
    [
      ...FLOORS,
      { name: "status, 1 guest", calls: status(one) },
      { name: `status, ${String(GUESTS)} guests`, calls: status(all) },
    ],
    rounds,
  );
  console.log(`Node ${process.version}, medians of ${String(rounds)} interleaved rounds\n`);
  for (const [name, ms] of times) printTime(name, ms);
} finally {
  await lab.close();
}
