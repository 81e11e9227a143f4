import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { describeInLab } from "../lab/describe-in-lab.ts";
import { capture } from "./stage/traffic/capture.ts";
import { bare, bootable, NATIVE } from "./stage/guest/generate.ts";
import { launch, vlans } from "./stage/host/host.ts";
import { becomes, duringCopy, GUEST, linesOf, neighbour, stateOf } from "./stage/moves/moved-ports.ts";
import { answers } from "./stage/traffic/ping.ts";
import { migrate, type TwoHosts } from "./stage/hosts/two-hosts.ts";
import { openSwitched, SWITCHED_NEEDS } from "./stage/hosts/two-hosts-switched.ts";

const NEEDS = [...SWITCHED_NEEDS, "8021q", "nft-bridge"] as const;
const OK = { code: 0, stderr: "" };
/** In MiB/s: the copy lasts as long as one looks. */
const SLOWLY = ["--bandwidth", "4"];

describeInLab("guests whose VLANs libvirt sets, moving between two hosts", [...NEEDS, "libvirt-vlan"], () => {
  let two: TwoHosts;

  beforeAll(async () => {
    two = await openSwitched(["10", "20", "30-31", "40"], NEEDS);
    await neighbour(two.middle, "sw0", "10.20.0.254");
  });
  afterAll(async () => {
    await two.lab.close();
  });

  const reached = (): Promise<boolean> => answers(two.middle, GUEST.address, "-I nb0");

  test("an access port, to and fro: it is in its VLAN alone from the first moment, and ends as a cold start makes it", async () => {
    const empty = [await stateOf(two.h1), await stateOf(two.h2)];
    const nic = { type: "bridge", bridge: "br0", vlan: 20, mac: GUEST.mac };
    const boot = `ip link set eth0 up; ip addr add ${GUEST.address}/24 dev eth0`;
    const xml = bootable("web1", [nic], boot, NATIVE);
    await launch(two.h2.libvirt, "web1", xml);
    const cold = [await stateOf(two.h2)];
    for (const command of ["destroy", "undefine"])
      expect(await two.h2.libvirt.virsh(command, "web1")).toMatchObject({ code: 0 });
    await launch(two.h1.libvirt, "web1", xml);
    cold.unshift(await stateOf(two.h1));
    await two.h1.libvirt.guest("web1").ready();
    expect(await reached()).toBe(true);

    for (const [from, to] of [
      [0, 1],
      [1, 0],
    ] as const) {
      const [source, destination] = from === 0 ? [two.h1, two.h2] : [two.h2, two.h1];
      const moving = migrate("web1", source, destination, ...SLOWLY);
      const port = await duringCopy(destination, "web1", async () => ({
        vlans: await vlans(destination.machine, "web1-0"),
        state: await stateOf(destination),
      }));
      expect(port.vlans).toEqual(["20 PVID Egress Untagged"]);
      expect(port.state).toMatch(/web1-0 group 81 guard on root_block on .*learning on .*locked off/);
      expect(port.state).toContain(`elements = { "web1-0" . ${GUEST.mac} }`);
      expect(await moving).toMatchObject(OK);
      await becomes(destination, cold[to] ?? "");
      await becomes(source, empty[from] ?? "");
      expect(await reached()).toBe(true);
    }
    expect(await two.h1.libvirt.virsh("destroy", "web1")).toMatchObject({ code: 0 });
    await becomes(two.h1, empty[0] ?? "");
  });

  test("a trunk with a native VLAN: QEMU's announcement reaches the switch in each of its VLANs, and in no other", async () => {
    const nic = { type: "bridge", bridge: "br0", trunk: ["30-31"], native: 10, mac: GUEST.mac };
    await launch(two.h1.libvirt, "fw1", bare("fw1", [nic], NATIVE));
    const cold = await stateOf(two.h1);
    const heard = await capture(two.middle, "h2", "rarp or '(vlan and rarp)'", async () => {
      expect(await migrate("fw1", two.h1, two.h2)).toMatchObject(OK);
      await becomes(two.h2, cold, linesOf("fw1"));
    });
    const tags = heard
      .filter((line) => line.startsWith(GUEST.mac))
      .map((line) => /vlan (\d+),/.exec(line)?.[1] ?? "none");
    expect([...new Set(tags)].sort()).toEqual(["10", "30", "31"]);
    expect(await vlans(two.h2.machine, "fw1-0")).toEqual(["10 PVID Egress Untagged", "30", "31"]);
    expect(await two.h2.libvirt.virsh("destroy", "fw1")).toMatchObject({ code: 0 });
  });

  test("without our hook on either host, a guest that moves is in its VLAN all the same", async () => {
    for (const { machine, libvirt } of [two.h1, two.h2]) {
      await machine.sh("rm /etc/libvirt/hooks/qemu");
      await libvirt.restart();
    }
    const nic = { type: "bridge", bridge: "br0", vlan: 20, mac: GUEST.mac };
    const boot = `ip link set eth0 up; ip addr add ${GUEST.address}/24 dev eth0`;
    await launch(two.h1.libvirt, "bare1", bootable("bare1", [nic], boot, NATIVE));
    await two.h1.libvirt.guest("bare1").ready();
    expect(await migrate("bare1", two.h1, two.h2)).toMatchObject(OK);
    expect(await vlans(two.h2.machine, "bare1-0")).toEqual(["20 PVID Egress Untagged"]);
    expect(await reached()).toBe(true);
  });
});
