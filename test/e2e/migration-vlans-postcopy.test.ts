import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { describeInLab } from "../lab/describe-in-lab.ts";
import { startCapture } from "./stage/traffic/capture.ts";
import { bootable } from "./stage/guest/generate.ts";
import {
  addNeighbours,
  arrivedAt,
  expectHandover,
  type Neighbour,
  startAsking,
} from "./stage/moves/handover.ts";
import { launch } from "./stage/host/host.ts";
import { becomes, duringCopy, GUEST, linesOf, stateOf } from "./stage/moves/moved-ports.ts";
import { migrate, type TwoHosts } from "./stage/hosts/two-hosts.ts";
import { openSwitched, SWITCHED_NEEDS } from "./stage/hosts/two-hosts-switched.ts";
import { until } from "./stage/until.ts";

const NEEDS = [...SWITCHED_NEEDS, "8021q", "nft-bridge", "userfaultfd"] as const;
const NIC = { type: "bridge", bridge: "br0", vlan: 20, mac: GUEST.mac };
const SLOWLY = ["--bandwidth", "1", "--postcopy", "--postcopy-bandwidth", "4"];

describeInLab("a bridge guest that runs before its memory is there", NEEDS, () => {
  let two: TwoHosts;
  /** On the switch, on the source and on the destination. */
  let neighbours: readonly Neighbour[];
  let empty: string;

  beforeAll(async () => {
    two = await openSwitched(["20"], NEEDS);
    neighbours = await addNeighbours(two);
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
    const asking = await startAsking(neighbours);
    const uplink = await startCapture(two.h1.machine, "up0", "-tt");
    const moving = migrate("web1", two.h1, two.h2, ...SLOWLY);
    const tap = await duringCopy(two.h2, "web1", () => startCapture(two.h2.machine, "web1-0", "-tt"));
    await until(two.h1.machine, "virsh -q domjobinfo web1 | grep 'Data processed: *[1-9]'");
    expect(await two.h1.libvirt.virsh("migrate-postcopy", "web1")).toMatchObject({ code: 0 });
    // What docs/explanation/migration.md tells to do on the source, or its neighbours wait until all memory has been fetched.
    await until(two.h2.machine, "[ $(cat /sys/class/net/web1-0/statistics/rx_packets) != 0 ]");
    await two.h1.machine.sh("ip link set dev web1-0 nomaster");
    expect(await moving).toMatchObject({ code: 0, stderr: "" });
    const asked = await asking.stop();
    const heard = { tap: await tap.stop(), sourceUplink: await uplink.stop() };
    expectHandover(asked, heard, "10.20.0.101");
    // The source's QEMU is there until all memory has been fetched.
    const phases = (await events.stop()).stdout;
    expect(phases).toMatch(/Suspended Post-copy/);
    const [, fetched = ""] = /^(\S+ \S+): .* Stopped Migrated$/m.exec(phases) ?? [];
    for (const arrived of arrivedAt(asked, heard)) expect(arrived * 1000).toBeLessThan(Date.parse(fetched));
    expect((await two.h2.libvirt.virsh("domstate", "web1")).stdout.trim()).toBe("running");
    await becomes(two.h1, empty);
    await becomes(two.h2, cold, linesOf("web1"));
  });
});
