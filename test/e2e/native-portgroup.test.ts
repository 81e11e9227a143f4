import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { describeInLab } from "../lab/describe-in-lab.ts";
import { type Lab, type Libvirt, type Machine, openLab } from "../lab/lab.ts";
import { bare, bootable, genxml, NATIVE } from "./stage/guest/generate.ts";
import { launch, qemus, vlans } from "./stage/host/host.ts";
import { installHook } from "./stage/host/install-hook.ts";
import { network } from "./stage/host/network.ts";
import { type Cable, heardAt, legs, sentBy } from "./stage/traffic/leg-frames.ts";

const NEEDS = ["vlan-filtering", "8021q", "libvirt"] as const;
const CABLE = {
  ...{ device: "eth0", number: 0, untagged: 1 },
  tagged: [20, 30, 100, 101, 102, 103],
} as const satisfies Cable;
const MACS = ["52:54:00:00:20:00", "52:54:00:00:01:00"] as const;
const OFFICE = [100, 101, 102, 103];

const inGroup = (portgroup: string, mac?: string) => ({ type: "network", network: "br0", portgroup, mac });

describeInLab("a libvirt network whose portgroups have VLANs", [...NEEDS, "libvirt-vlan"], () => {
  let lab: Lab;
  let host: Machine;
  let physical: Machine;
  let libvirt: Libvirt;
  let before: string;

  beforeAll(async () => {
    lab = await openLab(NEEDS);
    host = await lab.machine("host");
    physical = await lab.machine("switch");
    for (const machine of [host, physical])
      await machine.sh("sysctl -qw net.ipv6.conf.all.accept_dad=0 net.ipv6.conf.default.accept_dad=0");
    await lab.wire(host, "up0", physical, "eth0");
    await host.sh(`
      ip link add br0 address 02:00:00:00:00:10 type bridge vlan_filtering 1 mcast_snooping 0
      ip link set up0 master br0; ip link set br0 up
      for vid in ${CABLE.tagged.join(" ")}; do bridge vlan add dev up0 vid $vid; done`);
    await physical.sh(legs(CABLE));
    await installHook(host);
    libvirt = await host.libvirt();
    before = await network(host);
    const made = genxml(["network", ...NATIVE, "fixtures/hosts/host.json"]);
    expect(made).toMatchObject({ status: 0, stderr: "" });
    await host.writeFile("/run/br0.xml", made.stdout);
    expect(await libvirt.virsh("net-define", "--validate", "/run/br0.xml")).toMatchObject({ code: 0 });
    expect(await libvirt.virsh("net-start", "br0")).toMatchObject({ code: 0 });
    const nics = [inGroup("servers", MACS[0]), inGroup("office", MACS[1])];
    const boot = "ip link set eth0 up; ip link set eth1 up";
    await launch(libvirt, "app", bootable("app", nics, boot, NATIVE));
    await libvirt.guest("app").ready();
  });
  afterAll(async () => {
    await lab.close();
  });

  test("each port has exactly the VLANs of its portgroup: one is an access port, a range is a trunk", async () => {
    expect(await vlans(host, "app-0")).toEqual(["20 PVID Egress Untagged"]);
    expect(await vlans(host, "app-1")).toEqual(OFFICE.map(String));
  });

  test("the guest hears these VLANs and no other", async () => {
    expect(await heardAt(host, ["app-0", "app-1"], physical, [CABLE])).toEqual({
      "app-0": ["untagged of VLAN 20"],
      "app-1": OFFICE.map((vid) => `tagged ${String(vid)} of VLAN ${String(vid)}`),
    });
  });

  test("what it sends leaves in these VLANs and in no other", async () => {
    const nic = (index: 0 | 1) => ({
      guest: libvirt.guest("app"),
      device: `eth${String(index)}`,
      mac: MACS[index],
    });
    expect(await sentBy(nic(0), [30, 100], physical, CABLE)).toEqual(["untagged in VLAN 20"]);
    expect(await sentBy(nic(1), [20, 30, 100, 103], physical, CABLE)).toEqual([
      "tagged 100 in VLAN 100",
      "tagged 103 in VLAN 103",
    ]);
  });

  test("a restart of libvirtd changes nothing", async () => {
    const [ids, state] = [await qemus(host), await network(host)];
    expect(ids).toHaveLength(1);
    await libvirt.restart();
    expect(await qemus(host)).toEqual(ids);
    expect(await network(host)).toBe(state);
  });

  test("a bridge's default PVID other than 1 stays on the port: no hook looks after a network's ports", async () => {
    await host.sh("ip link set br0 type bridge vlan_default_pvid 99");
    await launch(libvirt, "late", bare("late", [inGroup("dmz")], NATIVE));
    expect(await vlans(host, "late-0")).toEqual(["30 PVID Egress Untagged", "99 Egress Untagged"]);
    expect(await libvirt.virsh("destroy", "late")).toMatchObject({ code: 0 });
    await host.sh("ip link set br0 type bridge vlan_default_pvid 1");
  });

  test("after virsh destroy nothing of the guest remains", async () => {
    expect(await libvirt.virsh("destroy", "app")).toMatchObject({ code: 0 });
    expect(await network(host)).toBe(before);
  });
});
