import { afterAll, afterEach, beforeAll, expect, test } from "@jest/globals";
import { describeInLab } from "../lab/describe-in-lab.ts";
import type { Machine } from "../lab/lab.ts";
import { capture, startCapture } from "./capture.ts";
import { bare, bootable } from "./generate.ts";
import { launch, vlans } from "./host.ts";
import { becomes, delaysOf, duringCopy, gapOf, GUEST, neighbour, silenceOf, stateOf } from "./moved-ports.ts";
import { migrate, type TwoHosts } from "./two-hosts.ts";
import { openSwitched, SWITCHED_NEEDS } from "./two-hosts-switched.ts";
import { becomes as becomesSo } from "./until.ts";

const NEEDS = [...SWITCHED_NEEDS, "8021q", "nft-bridge"] as const;
/** On the switch, on h1 and on h2. */
const NEIGHBOURS = ["10.20.0.254", "10.20.0.101", "10.20.0.102"] as const;
const SLOWLY = ["--bandwidth", "4"];
/** In seconds: as long as libvirt takes from the guest's first instruction on the destination to the end of the source's QEMU. */
const LEFT_BEHIND = 1;

describeInLab("bridge guests that move between two hosts", NEEDS, () => {
  let two: TwoHosts;
  const pings: Awaited<ReturnType<Machine["background"]>>[] = [];

  const startPinging = async (): Promise<void> => {
    for (const machine of [two.middle, two.h1.machine, two.h2.machine]) {
      pings.push(await machine.background(["ping", "-D", "-i", "0.05", "-I", "nb0", GUEST.address]));
    }
    await two.middle.sh("sleep 1");
  };
  /** The longest gap as the switch, h1 and h2 have seen it. */
  const stopPinging = async (): Promise<readonly number[]> => {
    const outputs = await Promise.all(pings.splice(0).map((ping) => ping.stop()));
    return outputs.map(({ stdout }) => gapOf(stdout));
  };
  const ok = { code: 0, stderr: "" };

  beforeAll(async () => {
    two = await openSwitched(["10", "20", "30-31", "40"]);
    const machines = [two.middle, two.h1.machine, two.h2.machine];
    for (const [index, address] of NEIGHBOURS.entries()) {
      const [machine] = machines.slice(index);
      if (machine !== undefined) await neighbour(machine, index === 0 ? "sw0" : "br0", address);
    }
  });
  afterAll(async () => {
    await two.lab.close();
  });
  afterEach(async () => {
    for (const ping of pings.splice(0)) await ping.stop();
  });

  test("an access port, to and fro: neighbours on both hosts and beyond reach the guest all the time", async () => {
    const empty = [await stateOf(two.h1), await stateOf(two.h2)];
    const nic = { type: "bridge", bridge: "br0", vlan: 20, mac: GUEST.mac };
    const xml = bootable("web1", [nic], `ip link set eth0 up; ip addr add ${GUEST.address}/24 dev eth0`);
    await launch(two.h2.libvirt, "web1", xml);
    const cold = [await stateOf(two.h2)];
    for (const command of ["destroy", "undefine"])
      expect(await two.h2.libvirt.virsh(command, "web1")).toMatchObject({ code: 0 });
    await launch(two.h1.libvirt, "web1", xml);
    cold.unshift(await stateOf(two.h1));
    await two.h1.libvirt.guest("web1").ready();

    for (const [from, to] of [
      [0, 1],
      [1, 0],
    ] as const) {
      const [source, destination] = from === 0 ? [two.h1, two.h2] : [two.h2, two.h1];
      await startPinging();
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
      await destination.machine.sh("sleep 3");
      const gaps = await stopPinging();
      const heard = (await port.tap.stop()).join("\n");
      const delays = delaysOf(heard, NEIGHBOURS);
      const silence = silenceOf(heard);
      process.stderr.write(
        `${source.machine.name} to ${destination.machine.name}: to the tap ${delays.join(" ")}, answers missed for ${gaps.join(" ")}` +
          `, the guest itself is silent for ${silence.toFixed(2)} s\n`,
      );
      // The source's bridge takes the guest to be there until its QEMU has ended and the tap is gone: its entries are sticky.
      for (const [index, delay] of delays.entries())
        expect(delay).toBeLessThan(index === from + 1 ? LEFT_BEHIND : 0.5);
      // A guest that stands still answers nobody; what is sent to it has arrived all the same.
      if (silence < 0.4) expect(Math.max(...gaps)).toBeLessThan(0.5);
      await becomes(destination, cold[to] ?? "");
      await becomes(source, empty[from] ?? "");
    }
    expect(await two.h1.libvirt.virsh("destroy", "web1")).toMatchObject({ code: 0 });
    await becomes(two.h1, empty[0] ?? "");
  });

  test.each([
    ["without a native VLAN", {}, ["30", "31"]],
    ["with a native VLAN", { native: 10 }, ["10", "30", "31"]],
  ])("a trunk %s: QEMU's announcement reaches the switch in each of its VLANs", async (_, more, expected) => {
    const empty = [await stateOf(two.h1), await stateOf(two.h2)];
    const nic = { type: "bridge", bridge: "br0", trunk: ["30-31"], mac: GUEST.mac, ...more };
    await launch(two.h1.libvirt, "fw1", bare("fw1", [nic]));
    const cold = (await stateOf(two.h1)).split("\n").filter((line) => line.includes("fw1"));
    const heard = await capture(two.middle, "h2", `rarp or '(vlan and rarp)'`, async () => {
      expect(await migrate("fw1", two.h1, two.h2)).toMatchObject(ok);
      await two.middle.sh("sleep 2");
    });
    const tags = heard
      .filter((line) => line.startsWith(GUEST.mac))
      .map((line) => /vlan (\d+),/.exec(line)?.[1] ?? "none");
    expect([...new Set(tags)].sort()).toEqual(expected);
    // Each of QEMU's rounds, and no storm of them.
    for (const vid of expected) expect(tags.filter((tag) => tag === vid).length).toBeLessThanOrEqual(10);
    await becomes(two.h1, empty[0] ?? "");
    const ofGuest = async () => (await stateOf(two.h2)).split("\n").filter((line) => line.includes("fw1"));
    await becomesSo(ofGuest, cold);
    expect(await two.h2.libvirt.virsh("destroy", "fw1")).toMatchObject({ code: 0 });
    await becomes(two.h2, empty[1] ?? "");
  });
});
