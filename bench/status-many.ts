// What `guestnet status` of many guests takes, and `guestnet trace` of one among them: `npm run bench-status [ROUNDS]`. It needs the lab's packages.
import { MANY_NEEDS, openMany } from "../test/e2e/stage/guest/many-guests.ts";
import { type Contender, FLOORS, measureOn, printBound, printTime } from "./in-lab.ts";
import { requireLab } from "./require-lab.ts";

requireLab(MANY_NEEDS);
const GUESTS = 500;
const TRACE = `trace, ${String(GUESTS)} guests`;
const VIRSH = "virsh of the test driver, as trace runs it";
const ASKED = ["many7", "many8"].map((name) => `dumpxml ${name}; domstate ${name}`).join("; ");
/** The most that one trace may take on such a host, in milliseconds, without what only the test driver costs. */
const AT_MOST_MS = 300;
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
      // libvirt's test driver reads its whole library in each virsh, which a daemon does not: this is what trace runs of it.
      { name: VIRSH, calls: [{ argv: ["virsh", "-q", ...all, ASKED] }] },
      {
        name: TRACE,
        calls: [{ argv: ["sh", "-c", '"$@" >/dev/null; [ $? = 2 ]', "sh", ...trace] }],
      },
    ],
    rounds,
  );
  console.log(`Node ${process.version}, medians of ${String(rounds)} interleaved rounds\n`);
  for (const [name, ms] of times) printTime(name, ms);
  printBound(
    "trace without that virsh, in ms",
    (times.get(TRACE) ?? NaN) - (times.get(VIRSH) ?? NaN),
    AT_MOST_MS,
  );
} finally {
  await lab.close();
}
