import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { describeInLab } from "../lab/describe-in-lab.ts";
import { type Lab, type Machine, openLab } from "../lab/lab.ts";
import { genxml } from "./stage/guest/generate.ts";
import { vlans } from "./stage/host/host.ts";
import { installHook } from "./stage/host/install-hook.ts";

const NEEDS = ["vlan-filtering", "8021q", "nft-bridge"] as const;

describeInLab("the uplinks of bridges", NEEDS, () => {
  const folder = mkdtempSync(join(tmpdir(), "guestnet-uplinks-"));
  let lab: Lab;
  let host: Machine;

  /** One call of the hook for a guest with one NIC, as libvirt would make it; the tap is there already. */
  const hook = (operation: string, bridge: string, nic: object, name: string) => {
    const written = { name, memory: "16 MiB", interfaces: [{ type: "bridge", bridge, ...nic }] };
    const ran = genxml(["-", "--host", join(folder, "host.json")], JSON.stringify(written));
    if (ran.status !== 0) throw new Error(ran.stderr);
    const argv = ["/etc/libvirt/hooks/qemu", name, operation, "begin", "-"];
    return host.run(argv, { stdin: ran.stdout.replaceAll('"', "'") });
  };
  const good = async (...call: Parameters<typeof hook>): Promise<void> => {
    expect(await hook(...call)).toMatchObject({ code: 0, stdout: "", stderr: "" });
  };
  const plug = (tap: string, bridge: string): Promise<string> =>
    host.sh(`ip tuntap add dev ${tap} mode tap; ip link set ${tap} master ${bridge} up`);
  const unplug = (tap: string): Promise<string> => host.sh(`ip link delete dev ${tap}`);

  beforeAll(async () => {
    const bridges = {
      br0: { uplinks: ["up0"], uplinkVlans: "follow-guests" },
      br1: { uplinks: ["up1"], uplinkVlans: "follow-guests" },
      br2: { uplinks: ["up2"] },
    };
    writeFileSync(join(folder, "host.json"), JSON.stringify({ bridges }));
    lab = await openLab(NEEDS);
    host = await lab.machine("host");
    await host.sh(`
      for n in 0 1 2; do
        ip link add br$n type bridge vlan_filtering 1 vlan_default_pvid 0; ip link set br$n up
        ip link add up$n type veth peer name far$n; ip link set up$n master br$n up; bridge vlan add dev up$n vid 99
      done`);
    await installHook(host);
  });

  afterAll(async () => {
    await lab.close();
    rmSync(folder, { recursive: true });
  });

  test("a VLAN comes with the first guest and goes with the last, on its own bridge only", async () => {
    for (const [name, bridge] of [
      ["a", "br0"],
      ["b", "br0"],
      ["c", "br1"],
    ] as const) {
      await plug(`${name}-0`, bridge);
      await good("start", bridge, { trunk: [20, "100-101"] }, name);
    }
    expect(await vlans(host, "up0")).toEqual(["20", "99", "100", "101"]);
    await unplug("a-0");
    await good("release", "br0", { trunk: [20, "100-101"] }, "a");
    expect(await vlans(host, "up0")).toContain("20");
    await unplug("b-0");
    await good("release", "br0", { trunk: [20, "100-101"] }, "b");
    expect(await vlans(host, "up0")).toEqual(["99"]);
    expect(await vlans(host, "up1")).toContain("20");
    await unplug("c-0");
    await good("release", "br1", { trunk: [20, "100-101"] }, "c");
    expect(await vlans(host, "up1")).toEqual(["99"]);
  });

  test("after a crash without release the next start takes the VLAN away", async () => {
    await plug("a-0", "br0");
    await good("start", "br0", { vlan: 40 }, "a");
    await unplug("a-0");
    await plug("b-0", "br0");
    await good("start", "br0", { vlan: 41 }, "b");
    expect(await vlans(host, "up0")).toEqual(["41", "99"]);
    await unplug("b-0");
    await good("release", "br0", { vlan: 41 }, "b");
  });

  test("the administrator's VLAN stays when the last guest in it has gone", async () => {
    await plug("a-0", "br0");
    await good("start", "br0", { vlan: 99 }, "a");
    await unplug("a-0");
    await good("release", "br0", { vlan: 99 }, "a");
    expect(await vlans(host, "up0")).toEqual(["99"]);
  });

  test("twelve guests that come and go at once leave the uplink right", async () => {
    const names = Array.from({ length: 12 }, (_, n) => `m${String(n)}`);
    const vlan = (name: string): number => 60 + (Number(name.slice(1)) % 3);
    for (const name of names) await plug(`${name}-0`, "br0");
    await Promise.all(names.map((name) => good("start", "br0", { vlan: vlan(name) }, name)));
    expect(await vlans(host, "up0")).toEqual(["60", "61", "62", "99"]);
    const [leaving, staying] = [names.slice(0, 6), names.slice(6)];
    for (const name of leaving) await unplug(`${name}-0`);
    await Promise.all([
      ...leaving.map((name) => good("release", "br0", { vlan: vlan(name) }, name)),
      ...staying.map((name) => good("reconnect", "br0", { vlan: vlan(name) }, name)),
    ]);
    expect(await vlans(host, "up0")).toEqual(["60", "61", "62", "99"]);
    for (const name of staying) await unplug(`${name}-0`);
    await Promise.all(staying.map((name) => good("release", "br0", { vlan: vlan(name) }, name)));
    expect(await vlans(host, "up0")).toEqual(["99"]);
  });

  test("a static uplink is left alone; what it lacks is said, and the guest starts", async () => {
    await plug("s-0", "br2");
    const { code, stderr } = await hook("start", "br2", { vlan: 20 }, "s");
    expect(code).toBe(0);
    expect(stderr).toContain("uplink up2 does not carry VLAN 20");
    expect(await vlans(host, "up2")).toEqual(["99"]);
    await good("start", "br2", { vlan: 99 }, "s");
    await unplug("s-0");
  });

  test("a VLAN device on an uplink that takes the guest's frames refuses the guest", async () => {
    await host.sh("ip link add link up0 name up0.70 type vlan id 70");
    await plug("t-0", "br0");
    const { code, stderr } = await hook("start", "br0", { vlan: 70 }, "t");
    expect(code).toBe(1);
    expect(stderr).toContain(
      "VLAN device up0.70 on up0 takes the frames of VLAN 70 before bridge br0 receives them",
    );
    expect(await vlans(host, "t-0")).toEqual([]);
    expect(await vlans(host, "up0")).toEqual(["99"]);
    await good("start", "br0", { vlan: 71 }, "t");
  });
});
