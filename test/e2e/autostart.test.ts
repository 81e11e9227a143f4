import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { describeInLab } from "../lab/describe-in-lab.ts";
import { type Lab, type Libvirt, type Machine, openLab } from "../lab/lab.ts";
import { bare } from "./stage/guest/generate.ts";
import { guestnetOn } from "./stage/guestnet.ts";
import { vlans } from "./stage/host/host.ts";
import { until } from "./stage/until.ts";

const NEEDS = ["vlan-filtering", "libvirt"] as const;

describeInLab("guests that start with the host, before their bridge is there", NEEDS, () => {
  let lab: Lab;
  let host: Machine;
  let libvirt: Libvirt;

  /** What doctor says of them. */
  const found = async (): Promise<readonly string[]> => {
    const { stdout } = await guestnetOn(host, "doctor", "--verbose");
    return stdout.split("\n").filter((line) => line.includes("autostart: "));
  };
  const state = async (name: string): Promise<string> =>
    (await libvirt.virsh("domstate", name)).stdout.trim();

  beforeAll(async () => {
    lab = await openLab(NEEDS);
    host = await lab.machine("host");
    expect(await guestnetOn(host, "install")).toMatchObject({ code: 0 });
    libvirt = await host.libvirt();
    for (const name of ["early1", "manual1"])
      expect(await libvirt.define(bare(name, [{ type: "bridge", bridge: "br0", vlan: 20 }]))).toMatchObject({
        code: 0,
      });
    expect(await libvirt.virsh("autostart", "early1")).toMatchObject({ code: 0 });
    // libvirtd starts such guests once after each boot (virDriverShouldAutostart).
    await host.sh("rm -f /run/libvirt/qemu/autostarted");
    await libvirt.restart();
    await until(host, "grep br0 /var/log/libvirt/libvirtd.log");
  });
  afterAll(async () => {
    await lab.close();
  });

  test("doctor names the one that has not run, and what starts it", async () => {
    expect(await state("early1")).toBe("shut off");
    expect(await found()).toEqual([expect.stringMatching(/^warning .*early1 has not run since/)]);
  });

  test("without its bridge it is not tried, and autostart says why", async () => {
    const { code, stderr } = await guestnetOn(host, "autostart");
    expect([code, stderr]).toEqual([1, expect.stringMatching(/early1 is not started: .*br0/)]);
  });

  test("what the hook refuses is said in its words", async () => {
    await host.sh("ip link add br0 address 02:00:00:00:00:10 type bridge; ip link set br0 up");
    expect((await libvirt.virsh("start", "early1")).code).toBe(1);
    expect(await found()).toEqual([
      expect.stringMatching(/early1 .*the hook refused it: .*br0 does not filter VLANs/),
    ]);
  });

  test("when the bridge is right it starts by itself, and no other guest does", async () => {
    const waiting = guestnetOn(host, "autostart", "--wait");
    await until(host, "pgrep -f 'autostart --wait'");
    await host.sh("ip link set br0 type bridge vlan_filtering 1 vlan_default_pvid 0");
    expect(await waiting).toMatchObject({ code: 0, stderr: expect.stringContaining("early1: started") });
    expect([await state("early1"), await state("manual1")]).toEqual(["running", "shut off"]);
    expect(await vlans(host, "early1-0")).toEqual(["20 PVID Egress Untagged"]);
    expect(await found()).toEqual([expect.stringMatching(/^ok .*every autostart guest/)]);
  });

  test("one that has run and was stopped stays so", async () => {
    expect(await libvirt.virsh("destroy", "early1")).toMatchObject({ code: 0 });
    expect(await guestnetOn(host, "autostart")).toMatchObject({ code: 0 });
    expect(await state("early1")).toBe("shut off");
    expect(await found()).toEqual([expect.stringMatching(/^ok .*early1 has run since/)]);
  });
});
