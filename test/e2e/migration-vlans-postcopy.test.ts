import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { describeInLab } from "../lab/describe-in-lab.ts";
import { startCapture } from "./capture.ts";
import { bootable } from "./generate.ts";
import { launch } from "./host.ts";
import { becomes, delaysOf, duringCopy, GUEST, linesOf, neighbour, stateOf } from "./moved-ports.ts";
import { migrate, type TwoHosts } from "./two-hosts.ts";
import { openSwitched, SWITCHED_NEEDS } from "./two-hosts-switched.ts";
import { until } from "./until.ts";

const NEEDS = [...SWITCHED_NEEDS, "8021q", "nft-bridge", "userfaultfd"] as const;
const NIC = { type: "bridge", bridge: "br0", vlan: 20, mac: GUEST.mac };
/** On the switch, on the destination and on the source. */
const NEIGHBOURS = ["10.20.0.254", "10.20.0.102", "10.20.0.101"] as const;
const SLOWLY = ["--bandwidth", "1", "--postcopy", "--postcopy-bandwidth", "4"];

describeInLab("a bridge guest that runs before its memory is there", NEEDS, () => {
  let two: TwoHosts;
  let empty: string;

  beforeAll(async () => {
    two = await openSwitched(["20"], NEEDS);
    await neighbour(two.middle, "sw0", NEIGHBOURS[0]);
    await neighbour(two.h2.machine, "br0", NEIGHBOURS[1]);
    await neighbour(two.h1.machine, "br0", NEIGHBOURS[2]);
    empty = await stateOf(two.h1);
    const boot = `ip link set eth0 up; ip addr add ${GUEST.address}/24 dev eth0`;
    await launch(two.h1.libvirt, "web1", bootable("web1", [NIC], boot));
    await two.h1.libvirt.guest("web1").ready();
  });
  afterAll(async () => {
    await two.lab.close();
  });

  test("post-copy: frames go to the destination while memory is still fetched from the source", async () => {
    const cold = await stateOf(two.h1);
    const events = await two.h1.machine.background([
      ...["virsh", "event", "--event", "lifecycle", "--loop", "--timestamp"],
    ]);
    const asking = ["ping", "-i", "0.05", "-I", "nb0", GUEST.address];
    const pings = [two.middle, two.h2.machine, two.h1.machine].map((machine) => machine.background(asking));
    const moving = migrate("web1", two.h1, two.h2, ...SLOWLY);
    const tap = await duringCopy(two.h2, "web1", () => startCapture(two.h2.machine, "web1-0", "-tt"));
    await until(two.h1.machine, "virsh -q domjobinfo web1 | grep 'Data processed: *[1-9]'");
    expect(await two.h1.libvirt.virsh("migrate-postcopy", "web1")).toMatchObject({ code: 0 });
    // What docs/migration-vlans.md tells to do on the source, or its neighbours wait until all memory has been fetched.
    await until(two.h2.machine, "[ $(cat /sys/class/net/web1-0/statistics/rx_packets) != 0 ]");
    await two.h1.machine.sh("ip link set dev web1-0 nomaster");
    expect(await moving).toMatchObject({ code: 0, stderr: "" });
    await two.middle.sh("sleep 1");
    for (const ping of pings) await (await ping).stop();
    const phases = (await events.stop()).stdout;
    process.stderr.write(phases);
    expect(phases).toMatch(/Suspended Post-copy/);
    const [beyond, destination, source] = delaysOf((await tap.stop()).join("\n"), NEIGHBOURS);
    process.stderr.write(`post-copy, to the tap: ${[beyond, destination, source].join(" ")}\n`);
    expect(beyond).toBeLessThan(0.5);
    expect(destination).toBeLessThan(0.5);
    expect(source).toBeLessThan(1);
    expect((await two.h2.libvirt.virsh("domstate", "web1")).stdout.trim()).toBe("running");
    await becomes(two.h1, empty);
    await becomes(two.h2, cold, linesOf("web1"));
  });
});
