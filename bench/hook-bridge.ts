import { resolve } from "node:path";
import { installHook } from "../test/e2e/install-hook.ts";
import { openLab } from "../test/lab/lab.ts";
import { guardedGuest, plainGuest } from "./bridge-guest.ts";
import { type Contender, calls, FLOORS, HOOK, measureOn, printBound, printTime } from "./in-lab.ts";

const foreign = plainGuest.replace(/<metadata>[^]*<\/metadata>/, "");

/** A port as libvirt has just made it: in the bridge's default VLAN and nothing else. */
const before = "ip link set vm-0 nomaster; ip link set vm-0 group default master br0";
const ALL = ["prepare", "start", "started"];
const [BASH, PYTHON] = [resolve("bench/peers/bash-xmllint"), resolve("bench/peers/pyroute2")];

const start: Contender = { name: "start", before, calls: calls(HOOK, ["start"], plainGuest) };
const contenders: readonly Contender[] = [
  ...FLOORS,
  { name: "an operation that is not ours", calls: calls(HOOK, ["stopped"], plainGuest) },
  { name: "a guest that is not ours", calls: calls(HOOK, ["start"], foreign) },
  start,
  { name: "start, with addresses", before, calls: calls(HOOK, ["start"], guardedGuest) },
  { name: "all calls of one virsh start", before, calls: calls(HOOK, ALL, plainGuest) },
  { name: "bash and xmllint, all calls", before, calls: calls(BASH, ALL, plainGuest) },
  { name: "Python and pyroute2, all calls", before, calls: calls(PYTHON, ALL, plainGuest) },
];

/** A bridge guest, on a kernel that filters VLANs, beside others' hooks. */
export const benchBridge = async (rounds: number): Promise<void> => {
  const lab = await openLab(["vlan-filtering", "nft-bridge"]);
  try {
    const host = await lab.machine("host");
    await host.sh(`ip link add br0 type bridge vlan_filtering 1 vlan_default_pvid 0; ip link set br0 up
      ip tuntap add dev vm-0 mode tap; ip link set vm-0 master br0 up`);
    await installHook(host);
    const times = await measureOn(host, contenders, rounds);
    await host.sh("ip link set br0 type bridge vlan_default_pvid 1");
    const withPvid = await measureOn(host, [...FLOORS, start], rounds);
    await host.sh("ip link set br0 type bridge vlan_default_pvid 0");
    await host.sh(
      `for n in $(seq 999); do echo "tuntap add dev t$n mode tap"; echo "link set t$n master br0"; done | ip -batch -`,
    );
    const among = await measureOn(host, [...FLOORS, start], rounds);

    console.log("\nA bridge guest\n");
    for (const [name, ms] of times) printTime(name, ms);
    const time = (name: string, of = times): number => of.get(name) ?? NaN;
    printTime("start, default PVID 1", time("start", withPvid), time("node -e 0", withPvid));
    printTime("start, among 1000 taps", time("start", among), time("node -e 0", among));
    const [sh, node, all] = [time("sh -c :"), time("node -e 0"), time("all calls of one virsh start")];
    console.log("");
    printBound("not our operation - sh -c :", time("an operation that is not ours") - sh, 2);
    printBound("not our guest - sh -c :", time("a guest that is not ours") - sh, 2);
    const over = time("start") - node;
    // User-mode Linux takes longer for three empty processes.
    if (lab.mode === "native") printBound("start - node -e 0", over, 12);
    else
      console.log(
        `start - node -e 0 ${over.toFixed(2).padStart(23)}, at most 12 on a real kernel: see below`,
      );
    printBound("all calls / node -e 0", all / node, 1.8);
    printBound("all calls / pyroute2", all / time("Python and pyroute2, all calls"), 1 / 3);
    printBound("start among 1000 taps / among 1", time("start", among) / time("start"), 1.5);
  } finally {
    await lab.close();
  }
};
