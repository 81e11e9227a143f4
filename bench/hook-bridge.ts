import { resolve } from "node:path";
import type { HookEngine } from "../test/lab/engines.ts";
import { type Machine, openLab } from "../test/lab/lab.ts";
import { guardedGuest, plainGuest } from "./bridge-guest.ts";
import {
  AT_MOST,
  type Contender,
  calls,
  ENGINES,
  FLOORS,
  hookOf,
  installHooks,
  measureOn,
  printBound,
  printTime,
} from "./in-lab.ts";

const foreign = plainGuest.replace(/<metadata>[^]*<\/metadata>/, "");

/** A port as libvirt has just made it: in the bridge's default VLAN and nothing else. */
const before = "ip link set vm-0 nomaster; ip link set vm-0 group default master br0";
const ALL = ["prepare", "start", "started"];
const BASH = "bash and xmllint, all calls";
const PYTHON = "Python and pyroute2, all calls";

const startOf = (engine: HookEngine): Contender => ({
  name: `start, ${engine.name}`,
  before,
  calls: calls(hookOf(engine), ["start"], plainGuest),
});
const contendersOf = (engine: HookEngine): readonly Contender[] => {
  const hook = hookOf(engine);
  return [
    startOf(engine),
    { name: `start, with addresses, ${engine.name}`, before, calls: calls(hook, ["start"], guardedGuest) },
    { name: `all calls of one virsh start, ${engine.name}`, before, calls: calls(hook, ALL, plainGuest) },
  ];
};
/** These start no engine. */
const nothingToDo = (hook: string): readonly Contender[] => [
  { name: "an operation that is not ours", calls: calls(hook, ["stopped"], plainGuest) },
  { name: "a guest that is not ours", calls: calls(hook, ["start"], foreign) },
];
const peers: readonly Contender[] = [
  { name: BASH, before, calls: calls(resolve("bench/peers/bash-xmllint"), ALL, plainGuest) },
  { name: PYTHON, before, calls: calls(resolve("bench/peers/pyroute2"), ALL, plainGuest) },
];

const startsOn = (host: Machine, rounds: number): Promise<ReadonlyMap<string, number>> =>
  measureOn(host, [...FLOORS, ...ENGINES.map(startOf)], rounds);

/** A bridge guest, on a kernel that filters VLANs, beside others' hooks. */
export const benchBridge = async (rounds: number): Promise<void> => {
  const lab = await openLab(["vlan-filtering", "nft-bridge"]);
  try {
    const host = await lab.machine("host");
    await host.sh(`ip link add br0 type bridge vlan_filtering 1 vlan_default_pvid 0; ip link set br0 up
      ip tuntap add dev vm-0 mode tap; ip link set vm-0 master br0 up`);
    await installHooks(host);
    const own = [...nothingToDo(hookOf(ENGINES[0])), ...ENGINES.flatMap(contendersOf)];
    const times = await measureOn(host, [...FLOORS, ...own, ...peers], rounds);
    await host.sh(
      `for n in $(seq 999); do echo "tuntap add dev t$n mode tap"; echo "link set t$n master br0"; done | ip -batch -`,
    );
    const among = await startsOn(host, rounds);

    console.log("\nA bridge guest\n");
    for (const [name, ms] of times) printTime(name, ms);
    const time = (name: string, of = times): number => of.get(name) ?? NaN;
    for (const { name } of ENGINES)
      printTime(`start among 1000 taps, ${name}`, time(`start, ${name}`, among), time("node -e 0", among));
    console.log("");
    const sh = time("sh -c :");
    printBound("not our operation - sh -c :", time("an operation that is not ours") - sh, 2);
    printBound("not our guest - sh -c :", time("a guest that is not ours") - sh, 2);
    for (const { name } of ENGINES) {
      const all = time(`all calls of one virsh start, ${name}`);
      if (name === "QuickJS") printBound("all calls / bash and xmllint, QuickJS", all / time(BASH), 1);
      else printBound(`all calls / node -e 0, ${name}`, all / time("node -e 0"), AT_MOST[name]);
      printBound(`all calls / pyroute2, ${name}`, all / time(PYTHON), 1 / 3);
      const growth = time(`start, ${name}`, among) / time(`start, ${name}`);
      printBound(`start among 1000 taps / among 1, ${name}`, growth, 1.5);
    }
  } finally {
    await lab.close();
  }
};
