import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { describeInLab } from "../lab/describe-in-lab.ts";
import { type Lab, type Libvirt, type Machine, openLab } from "../lab/lab.ts";
import { bootable } from "./stage/guest/generate.ts";
import { guestnetOn } from "./stage/guestnet.ts";
import { launch, vlans } from "./stage/host/host.ts";
import { cannotReach, reaches as reachesFrom } from "./stage/traffic/ping.ts";
import { settled, shown } from "./stage/repair-check.ts";
import { until } from "./stage/until.ts";

const NEEDS = ["vlan-filtering", "8021q", "libvirt"] as const;

describeInLab("a NIC on a bridge, while its guest runs", NEEDS, () => {
  let lab: Lab;
  let host: Machine;
  let libvirt: Libvirt;
  const reaches = (address: string): Promise<boolean> => reachesFrom(libvirt.guest("web1"), address);
  const misses = (address: string): Promise<boolean> => cannotReach(libvirt.guest("web1"), address);

  beforeAll(async () => {
    lab = await openLab(NEEDS);
    host = await lab.machine("host");
    const physical = await lab.machine("switch");
    await lab.wire(host, "up0", physical, "eth0");
    for (const vid of ["20", "30"]) {
      await physical.sh(`ip link add link eth0 name eth0.${vid} type vlan id ${vid}; ip link set eth0.${vid} up
        ip addr add 10.0.${vid}.1/24 dev eth0.${vid}`);
    }
    await host.sh(`ip link add br0 address 02:00:00:00:00:10 type bridge vlan_filtering 1; ip link set br0 up
      ip link set up0 master br0; bridge vlan add dev up0 vid 20; bridge vlan add dev up0 vid 30`);
    expect(await guestnetOn(host, "install")).toMatchObject({ code: 0 });
    libvirt = await host.libvirt();
    const nic = { type: "bridge", bridge: "br0", vlan: 20 };
    const boot =
      "ip link set eth0 up; ip addr add 10.0.20.11/24 dev eth0; ip addr add 10.0.30.11/24 dev eth0";
    await launch(libvirt, "web1", bootable("web1", [nic], boot));
    await libvirt.guest("web1").ready();
  });
  afterAll(async () => {
    await lab.close();
  });

  test("set moves it to another VLAN, with no flap of its link, and back with one", async () => {
    const carrier = async (): Promise<string> =>
      (await libvirt.guest("web1").sh("cat /sys/class/net/eth0/carrier_changes")).stdout;
    expect([await reaches("10.0.20.1"), await misses("10.0.30.1")]).toEqual([true, true]);
    const changes = await carrier();
    expect(await guestnetOn(host, "set", "web1", "web1-0", "vlan=30")).toEqual({
      code: 0,
      stdout: "",
      stderr: "guest web1: NIC web1-0: vlan=30, live\n",
    });
    expect(await vlans(host, "web1-0")).toEqual(["30 PVID Egress Untagged"]);
    expect([await misses("10.0.20.1"), await reaches("10.0.30.1")]).toEqual([true, true]);
    expect(await carrier()).toBe(changes);
    const inXml = async (which: string): Promise<string> =>
      (await libvirt.virsh("metadata", "web1", "urn:guestnet:1", which)).stdout;
    expect([await inXml("--live"), await inXml("--config")]).toEqual([
      expect.stringContaining('vlan="30"'),
      expect.stringContaining('vlan="20"'),
    ]);
    expect(await shown(host)).toEqual([]);
    expect(await guestnetOn(host, "set", "web1", "web1-0", "vlan=20", "--flap")).toMatchObject({ code: 0 });
    expect(await guestnetOn(host, "set", "web1", "web1-0", "vlan=30", "--config")).toMatchObject({
      code: 0,
      stderr: "guest web1: NIC web1-0: vlan=30, config\n",
    });
    expect([await inXml("--live"), await inXml("--config")]).toEqual([
      expect.stringContaining('vlan="20"'),
      expect.stringContaining('vlan="30"'),
    ]);
    expect(await vlans(host, "web1-0")).toEqual(["20 PVID Egress Untagged"]);
    for (const option of ["--live", "--current"]) {
      const vlan = option === "--live" ? "30" : "20";
      expect(await guestnetOn(host, "set", "web1", "web1-0", `vlan=${vlan}`, option)).toMatchObject({
        code: 0,
        stderr: `guest web1: NIC web1-0: vlan=${vlan}, live\n`,
      });
      expect(await vlans(host, "web1-0")).toEqual([`${vlan} PVID Egress Untagged`]);
      expect(await inXml("--config")).toContain('vlan="30"');
    }
    expect(await guestnetOn(host, "set", "web1", "web1-0", "vlan=20", "--persistent")).toMatchObject({
      code: 0,
      stderr: "guest web1: NIC web1-0: vlan=20, live and config\n",
    });
    expect(await inXml("--config")).toContain('vlan="20"');
    expect(await reaches("10.0.20.1")).toBe(true);
    expect(Number(await carrier())).toBeGreaterThan(Number(changes));
  });

  test("a set that the kernel refuses changes nothing, neither there nor in the metadata", async () => {
    const before = await settled(host);
    await host.sh("ip link set br0 type bridge vlan_filtering 0");
    const { code, stderr } = await guestnetOn(host, "set", "web1", "web1-0", "vlan=30");
    expect(code).toBe(1);
    expect(stderr).toMatch(/^guestnet: .*bridge br0 does not filter VLANs.*\nhint: .+\n$/);
    await host.sh("ip link set br0 type bridge vlan_filtering 1");
    expect(await settled(host)).toBe(before);
    expect((await libvirt.virsh("metadata", "web1", "urn:guestnet:1")).stdout).toContain('vlan="20"');
  });

  test("attached, the guest sees a cable in it when its port is right", async () => {
    await host.writeFile(
      "/run/nic.json",
      '{ "type": "bridge", "bridge": "br0", "vlan": 30, "isolated": true }',
    );
    expect(await guestnetOn(host, "attach", "web1", "/run/nic.json")).toMatchObject({ code: 0 });
    expect(await vlans(host, "web1-1")).toEqual(["30 PVID Egress Untagged"]);
    expect(await shown(host)).toEqual([]);
    const guest = libvirt.guest("web1");
    await guest.sh(
      `ip addr del 10.0.30.11/24 dev eth0; echo 1 >/sys/bus/pci/rescan; until [ -e /sys/class/net/eth1 ]; do sleep 0.1; done
      ip link set eth1 up; ip addr add 10.0.30.12/24 dev eth1`,
    );
    expect(await reaches("10.0.30.1")).toBe(true);
    expect((await libvirt.virsh("domif-getlink", "web1", "web1-1")).stdout).toContain("up");
    expect((await libvirt.virsh("dumpxml", "web1", "--inactive")).stdout).not.toContain("web1-1");
  });

  test("one that cannot be made right is not attached", async () => {
    await host.sh("ip link add br9 type bridge; ip link set br9 up");
    await host.writeFile("/run/nic.json", '{ "type": "bridge", "bridge": "br9", "vlan": 30 }');
    const { code, stderr } = await guestnetOn(host, "attach", "web1", "/run/nic.json");
    expect(code).toBe(1);
    expect(stderr).toMatch(/^guestnet: .*bridge br9 does not filter VLANs.*\nhint: .+\n$/);
    expect((await libvirt.virsh("metadata", "web1", "urn:guestnet:1")).stdout).not.toContain("br9");
    // The guest's system has no ACPI in the lab: QEMU takes the device away when the machine is reset.
    expect(await libvirt.virsh("reset", "web1")).toMatchObject({ code: 0 });
    await until(host, "! ip link show web1-2 2>&1");
    expect(await shown(host)).toEqual([]);
  });
});
