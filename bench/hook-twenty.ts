import { bare } from "../test/e2e/stage/guest/generate.ts";
import { openLab } from "../test/lab/lab.ts";
import {
  type Contender,
  ENGINES,
  FLOORS,
  hookOf,
  installHooks,
  measureOn,
  printBound,
  printTime,
} from "./in-lab.ts";

const GUESTS = 20;
const each = (what: string): string => `for n in $(seq ${String(GUESTS)}); do ${what}; done`;
const start = `${hookOf(ENGINES[0])} g$n start begin - </run/g$n.xml || touch /run/failed`;
const sh = (script: string): Contender["calls"] => [{ argv: ["sh", "-c", script] }];

/** Ports as libvirt has just made them. */
const before = each("ip link set g$n-0 nomaster; ip link set g$n-0 group default master br0");

const contenders: readonly Contender[] = [
  ...FLOORS,
  { name: "20 starts, in turn", before, calls: sh(`${each(start)}; [ ! -e /run/failed ]`) },
  {
    name: "20 starts, at once",
    before,
    calls: sh(`for n in $(seq ${String(GUESTS)}); do { ${start}; } & done; wait; [ ! -e /run/failed ]`),
  },
];

/** Bridge guests that start at the same time: their hooks work one after the other, and waiting costs hardly anything. */
export const benchTwenty = async (rounds: number): Promise<void> => {
  const lab = await openLab(["vlan-filtering", "nft-bridge"]);
  try {
    const host = await lab.machine("host");
    await host.sh(`ip link add br0 type bridge vlan_filtering 1 vlan_default_pvid 0; ip link set br0 up
      ${each("ip tuntap add dev g$n-0 mode tap; ip link set g$n-0 master br0 up")}`);
    await installHooks(host);
    for (let n = 1; n <= GUESTS; n += 1) {
      const xml = bare(`g${String(n)}`, [{ type: "bridge", bridge: "br0", vlan: 20 }]);
      await host.writeFile(`/run/g${String(n)}.xml`, xml.replaceAll('"', "'"));
    }
    // A fifth of the rounds: each has forty calls.
    const times = await measureOn(host, contenders, Math.ceil(rounds / 5));
    console.log(`\nTwenty bridge guests, ${ENGINES[0].name}\n`);
    for (const [name, ms] of times) printTime(name, ms);
    const [inTurn, atOnce] = [times.get("20 starts, in turn"), times.get("20 starts, at once")];
    console.log("");
    printBound("at once / in turn", (atOnce ?? NaN) / (inTurn ?? NaN), 1.2);
  } finally {
    await lab.close();
  }
};
