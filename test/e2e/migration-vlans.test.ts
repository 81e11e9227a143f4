import { afterAll, afterEach, beforeAll, expect, test } from "@jest/globals";
import { describeInLab } from "../lab/describe-in-lab.ts";
import { capture, startCapture } from "./stage/traffic/capture.ts";
import { bare, bootable } from "./stage/guest/generate.ts";
import {
  addNeighbours,
  type Asking,
  expectHandover,
  type Neighbour,
  startAsking,
} from "./stage/moves/handover.ts";
import { launch, vlans } from "./stage/host/host.ts";
import { answers } from "./stage/traffic/ping.ts";
import { becomes, duringCopy, GUEST, linesOf, stateOf } from "./stage/moves/moved-ports.ts";
import { clear, migrate, type TwoHosts } from "./stage/hosts/two-hosts.ts";
import { openSwitched, SWITCHED_NEEDS } from "./stage/hosts/two-hosts-switched.ts";

const NEEDS = [...SWITCHED_NEEDS, "8021q", "nft-bridge"] as const;
const SLOWLY = ["--bandwidth", "4"];
const TRUNK_MAC = "52:54:00:00:30:01";

describeInLab("bridge guests that move between two hosts", NEEDS, () => {
  let two: TwoHosts;
  /** On the switch, on h1 and on h2. */
  let neighbours: readonly Neighbour[];
  let empty: readonly [string, string];
  let asking: Asking | null = null;
  const ok = { code: 0, stderr: "" };

  beforeAll(async () => {
    two = await openSwitched(["10", "20", "30-31", "40"]);
    neighbours = await addNeighbours(two);
    empty = [await stateOf(two.h1), await stateOf(two.h2)];
  });
  afterEach(async () => {
    await asking?.abandon();
    for (const [index, host] of [two.h1, two.h2].entries()) {
      await clear(host);
      await becomes(host, empty[index] ?? "");
    }
  });
  afterAll(async () => {
    await two.lab.close();
  });

  test("an access port, to and fro: neighbours on both hosts and beyond reach the guest all the time", async () => {
    const nic = { type: "bridge", bridge: "br0", vlan: 20, mac: GUEST.mac };
    const xml = bootable("web1", [nic], `ip link set eth0 up; ip addr add ${GUEST.address}/24 dev eth0`);
    await launch(two.h2.libvirt, "web1", xml);
    const coldAtH2 = await stateOf(two.h2);
    await clear(two.h2);
    await launch(two.h1.libvirt, "web1", xml);
    const coldAtH1 = await stateOf(two.h1);
    await two.h1.libvirt.guest("web1").ready();

    for (const { source, destination, left, cold, address } of [
      { source: two.h1, destination: two.h2, left: empty[0], cold: coldAtH2, address: "10.20.0.101" },
      { source: two.h2, destination: two.h1, left: empty[1], cold: coldAtH1, address: "10.20.0.102" },
    ]) {
      asking = await startAsking(neighbours);
      const uplink = await startCapture(source.machine, "up0", "-tt");
      const moving = migrate("web1", source, destination, ...SLOWLY);
      const port = await duringCopy(destination, "web1", async () => ({
        tap: await startCapture(destination.machine, "web1-0", "-tt"),
        vlans: await vlans(destination.machine, "web1-0"),
        state: await stateOf(destination),
        drift: (await destination.machine.run(["bridge", "fdb", "show", "dev", "web1-0"])).stdout,
      }));
      expect(port.vlans).toEqual(["20 PVID Egress Untagged"]);
      // Nobody but the guest's own MAC address passes; nothing sent to it is drawn into a tap that nobody reads.
      expect(port.state).toMatch(/web1-0 group 81 guard on root_block on .*learning on .*locked off/);
      expect(port.state).toContain(`elements = { "web1-0" . ${GUEST.mac} }`);
      expect(port.drift).not.toContain(`${GUEST.mac} vlan 20`);
      expect(await moving).toMatchObject(ok);
      // Until the port is as after a cold start: what is done to it meanwhile costs nobody an answer.
      await becomes(destination, cold);
      await becomes(source, left);
      const asked = await asking.stop();
      expectHandover(asked, { tap: await port.tap.stop(), sourceUplink: await uplink.stop() }, address);
      // QEMU's emulation may have lost a page of the guest (test/lab/README.md). Once reset, it is reached through this very port:
      // no hook runs for that.
      const reached = (): Promise<boolean> => answers(two.middle, GUEST.address, "-I nb0");
      if (!(await reached())) await destination.libvirt.virsh("reset", "web1");
      expect((await reached()) || (await reached())).toBe(true);
    }
  }, 600_000);

  test.each([
    ["without a native VLAN", {}, ["30", "31"]],
    ["with a native VLAN", { native: 10 }, ["10", "30", "31"]],
  ])("a trunk %s: QEMU's announcement reaches the switch in each of its VLANs", async (_, more, expected) => {
    const nic = { type: "bridge", bridge: "br0", trunk: ["30-31"], mac: TRUNK_MAC, ...more };
    await launch(two.h1.libvirt, "fw1", bare("fw1", [nic]));
    const cold = await stateOf(two.h1);
    const heard = await capture(two.middle, "h2", `rarp or '(vlan and rarp)'`, async () => {
      expect(await migrate("fw1", two.h1, two.h2)).toMatchObject(ok);
      // Its last round has passed by then.
      await becomes(two.h2, cold, linesOf("fw1"));
    });
    const tags = heard
      .filter((line) => line.startsWith(TRUNK_MAC))
      .map((line) => /vlan (\d+),/.exec(line)?.[1] ?? "none");
    expect([...new Set(tags)].sort()).toEqual(expected);
    // Each of QEMU's rounds, and no storm of them.
    for (const vid of expected) expect(tags.filter((tag) => tag === vid).length).toBeLessThanOrEqual(10);
  });
});
