// What `guestnet status` of many guests takes, and `guestnet trace` of one among them: `npm run bench-status [ROUNDS]`. It needs the lab's packages.
import { MANY_NEEDS, openMany } from "../test/e2e/stage/many-guests.ts";
import { type Contender, FLOORS, measureOn, printTime } from "./in-lab.ts";
import { requireLab } from "./require-lab.ts";

requireLab(MANY_NEEDS);
const GUESTS = 500;
const rounds = Number(process.argv[2] ?? 10);
const { lab, host, all, one } = await openMany(GUESTS);
try {
  const status = (libvirt: readonly string[]): Contender["calls"] => [
    { argv: [process.execPath, `${process.cwd()}/dist/guestnet.js`, "status", ...libvirt] },
  ];
  // No QEMU has the taps open: the packet ends at the first one (2), when everything has been read.
  const trace = [process.execPath, `${process.cwd()}/dist/guestnet.js`, "trace", "many7", "many8", ...all];
  const times = await measureOn(
    host,
    [
      ...FLOORS,
      { name: "status, 1 guest", calls: status(one) },
      { name: `status, ${String(GUESTS)} guests`, calls: status(all) },
      // libvirt's test driver reads its library in each virsh, which a daemon does not: trace runs three.
      {
        name: "virsh, three times, for trace",
        calls: Array.from({ length: 3 }, () => ({ argv: ["virsh", "-q", ...all, "dumpxml", "many7"] })),
      },
      {
        name: `trace, ${String(GUESTS)} guests`,
        calls: [{ argv: ["sh", "-c", '"$@" >/dev/null; [ $? = 2 ]', "sh", ...trace] }],
      },
    ],
    rounds,
  );
  console.log(`Node ${process.version}, medians of ${String(rounds)} interleaved rounds\n`);
  for (const [name, ms] of times) printTime(name, ms);
} finally {
  await lab.close();
}
