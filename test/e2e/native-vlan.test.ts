import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { describeInLab } from "../lab/describe-in-lab.ts";
import { type Lab, type Libvirt, type Machine, openLab } from "../lab/lab.ts";
import { bare, bootable, NATIVE } from "./stage/guest/generate.ts";
import { launch, qemus, vlans } from "./stage/host/host.ts";
import { installHook } from "./stage/host/install-hook.ts";
import { network } from "./stage/host/network.ts";
import { becomes } from "./stage/until.ts";
import { type Cable, type GuestNic, heardAt, legs, sentBy } from "./stage/traffic/leg-frames.ts";

const NEEDS = ["vlan-filtering", "8021q", "libvirt"] as const;
const TAGGED = [10, 20, 30, 31, 40];

/** The bridges of the host, each with its own uplink: the kernel's default PVID, another, none, and one that filters nothing. */
const BR0 = { device: "eth0", number: 0, untagged: 1, tagged: TAGGED } as const satisfies Cable;
const BR1 = { device: "eth1", number: 1, untagged: 100, tagged: TAGGED } as const satisfies Cable;
const FLAT = { device: "eth2", number: 2, untagged: 1, tagged: [20, 30] } as const satisfies Cable;

const MAC = {
  web: ["52:54:00:00:20:00", "52:54:00:00:20:01"],
  fw: ["52:54:00:00:30:00", "52:54:00:00:30:01"],
};
const OWN_20 = ["20 PVID Egress Untagged"];
const OWN_TRUNK = ["10 PVID Egress Untagged", "30", "31"];
const HEARS_20 = ["untagged of VLAN 20"];
const HEARS_TRUNK = ["tagged 30 of VLAN 30", "tagged 31 of VLAN 31", "untagged of VLAN 10"];

describeInLab("VLANs that libvirt itself sets", [...NEEDS, "libvirt-vlan"], () => {
  let lab: Lab;
  let host: Machine;
  let physical: Machine;
  let libvirt: Libvirt;
  let before: string;

  const ports = async (...names: readonly string[]): Promise<Readonly<Record<string, readonly string[]>>> =>
    Object.fromEntries(
      await Promise.all(names.map(async (name) => [name, await vlans(host, name)] as const)),
    );
  const nic = (guest: "web" | "fw", index: 0 | 1): GuestNic => ({
    guest: libvirt.guest(guest),
    device: `eth${String(index)}`,
    mac: MAC[guest][index] ?? "",
  });
  const flat = bare("flat", [{ type: "bridge", bridge: "flat0", vlan: 20 }], NATIVE);

  beforeAll(async () => {
    lab = await openLab(NEEDS);
    host = await lab.machine("host");
    physical = await lab.machine("switch");
    for (const machine of [host, physical])
      await machine.sh("sysctl -qw net.ipv6.conf.all.accept_dad=0 net.ipv6.conf.default.accept_dad=0");
    for (const index of [0, 1, 2])
      await lab.wire(host, `up${String(index)}`, physical, `eth${String(index)}`);
    await host.sh(`
      ip link add br0 address 02:00:00:00:00:10 type bridge vlan_filtering 1 mcast_snooping 0
      ip link add br1 address 02:00:00:00:00:11 type bridge vlan_filtering 1 vlan_default_pvid 100 mcast_snooping 0
      ip link add br2 address 02:00:00:00:00:12 type bridge vlan_filtering 1 vlan_default_pvid 0 mcast_snooping 0
      ip link add flat0 address 02:00:00:00:00:13 type bridge mcast_snooping 0
      ip link set br2 addrgenmode none
      ip link set up0 master br0; ip link set up1 master br1; ip link set up2 master flat0
      for br in br0 br1 br2 flat0; do ip link set $br up; done
      for up in up0 up1; do for vid in ${TAGGED.join(" ")}; do bridge vlan add dev $up vid $vid; done; done`);
    await physical.sh([BR0, BR1, FLAT].map(legs).join("\n"));
    libvirt = await host.libvirt();
    before = await network(host);
    const boot = "ip link set eth0 up; ip link set eth1 up";
    const access = ["br0", "br1"].map((bridge, index) => ({
      type: "bridge",
      bridge,
      vlan: 20,
      mac: MAC.web[index],
    }));
    const trunk = ["br0", "br1"].map((bridge, index) => ({
      ...{ type: "bridge", bridge, trunk: ["30-31"], native: 10 },
      mac: MAC.fw[index],
    }));
    await launch(libvirt, "web", bootable("web", access, boot, NATIVE));
    await launch(libvirt, "fw", bootable("fw", trunk, boot, NATIVE));
    for (const name of ["web", "fw"]) await libvirt.guest(name).ready();
  });

  afterAll(async () => {
    await lab.close();
  });

  test("without our hook: a port has the VLANs of its <vlan>, and a default PVID other than 1 as well", async () => {
    expect(await ports("web-0", "fw-0", "web-1", "fw-1")).toEqual({
      "web-0": OWN_20,
      "fw-0": OWN_TRUNK,
      "web-1": [...OWN_20, "100 Egress Untagged"],
      "fw-1": [...OWN_TRUNK, "100 Egress Untagged"],
    });
  });

  test("without our hook: with default PVID 0, exactly them", async () => {
    const nics = [
      { type: "bridge", bridge: "br2", vlan: 20 },
      { type: "bridge", bridge: "br2", trunk: [30, "100-103"] },
      { type: "bridge", bridge: "br2", trunk: ["7-8"], native: 6 },
    ];
    await launch(libvirt, "pvid0", bare("pvid0", nics, NATIVE));
    expect(await ports("pvid0-0", "pvid0-1", "pvid0-2")).toEqual({
      "pvid0-0": OWN_20,
      "pvid0-1": ["30", "100", "101", "102", "103"],
      "pvid0-2": ["6 PVID Egress Untagged", "7", "8"],
    });
    expect(await libvirt.virsh("destroy", "pvid0")).toMatchObject({ code: 0 });
  });

  test("without our hook: a guest hears its VLANs, and the leftover default VLAN", async () => {
    expect(await heardAt(host, ["web-0", "fw-0", "web-1", "fw-1"], physical, [BR0, BR1])).toEqual({
      "web-0": HEARS_20,
      "fw-0": HEARS_TRUNK,
      "web-1": ["untagged of VLAN 100", ...HEARS_20],
      "fw-1": [...HEARS_TRUNK, "untagged of VLAN 100"],
    });
  });

  test("without our hook: what a guest sends leaves in its VLANs, whatever MAC address it is from", async () => {
    expect(await sentBy(nic("web", 0), [20, 30], physical, BR0)).toEqual([
      "tagged 20 in VLAN 20",
      "untagged in VLAN 20",
    ]);
    expect(await sentBy(nic("fw", 0), [20, 30, 40], physical, BR0)).toEqual([
      "tagged 30 in VLAN 30",
      "untagged in VLAN 10",
    ]);
    expect(await sentBy(nic("web", 1), [], physical, BR1, "52:54:00:66:66:66")).toEqual([
      "untagged in VLAN 20",
    ]);
  });

  test("without our hook: on a bridge that does not filter, a guest starts and hears every VLAN", async () => {
    await launch(libvirt, "flat", flat);
    expect(await heardAt(host, ["flat-0"], physical, [FLAT])).toEqual({
      "flat-0": ["tagged 20 of VLAN 20", "tagged 30 of VLAN 30", "untagged of VLAN 1"],
    });
    expect(await libvirt.virsh("destroy", "flat")).toMatchObject({ code: 0 });
  });

  test("the hook, installed while they run, takes the leftover VLAN away at the daemon's restart", async () => {
    await installHook(host);
    await libvirt.restart();
    const own = { "web-0": OWN_20, "fw-0": OWN_TRUNK, "web-1": OWN_20, "fw-1": OWN_TRUNK };
    await becomes(() => ports("web-0", "fw-0", "web-1", "fw-1"), own);
    expect(await heardAt(host, ["web-0", "fw-0", "web-1", "fw-1"], physical, [BR0, BR1])).toEqual({
      "web-0": HEARS_20,
      "fw-0": HEARS_TRUNK,
      "web-1": HEARS_20,
      "fw-1": HEARS_TRUNK,
    });
  });

  test("with it, only what is from the guest's own MAC address leaves", async () => {
    const forged = (index: 0 | 1) =>
      sentBy(nic("web", index), [20], physical, index === 0 ? BR0 : BR1, "52:54:00:66:66:66");
    expect([await forged(0), await forged(1)]).toEqual([[], []]);
    for (const [index, cable] of [BR0, BR1].entries())
      expect(await sentBy(nic("fw", index === 0 ? 0 : 1), [20, 30, 40], physical, cable)).toEqual([
        "tagged 30 in VLAN 30",
        "untagged in VLAN 10",
      ]);
  });

  test("with it, a cold start makes the same of the ports as the restart did", async () => {
    const repaired = await network(host);
    for (const name of ["web", "fw"]) {
      expect(await libvirt.virsh("destroy", name)).toMatchObject({ code: 0 });
      expect(await libvirt.virsh("start", name)).toMatchObject({ code: 0, stderr: "" });
      await libvirt.guest(name).ready();
    }
    await becomes(() => network(host), repaired);
    expect(await sentBy(nic("web", 1), [20, 30], physical, BR1)).toEqual([
      "tagged 20 in VLAN 20",
      "untagged in VLAN 20",
    ]);
  });

  test("with it, no frame of default VLAN 100 comes to a guest, not even one from before the hook ran", async () => {
    // A neighbour in VLAN 100 that never stops asking, from before the guest's tap exists until its system runs.
    await host.sh(`ip link add noise type veth peer name noise-br; ip link set noise-br master br1; ip link set noise-br up
      ip addr add 10.9.9.1/24 dev noise; ip link set noise up`);
    const noise = await host.background(["ping", "-q", "-b", "-i", "0.02", "10.9.9.255"]);
    const quiet = [{ type: "bridge", bridge: "br1", vlan: 40 }];
    await launch(libvirt, "quiet", bootable("quiet", quiet, "ip link set eth0 up; sleep 1", NATIVE));
    await libvirt.guest("quiet").ready();
    const { stdout } = await libvirt.guest("quiet").sh("cat /sys/class/net/eth0/statistics/rx_packets");
    expect(Number(/(\d+) packets transmitted/.exec((await noise.stop()).stdout)?.[1])).toBeGreaterThan(50);
    expect(stdout.trim()).toBe("0");
    await host.sh("ip link delete dev noise");
    expect(await libvirt.virsh("destroy", "quiet")).toMatchObject({ code: 0 });
  });

  test("with it, a guest on a bridge that does not filter is refused, and the reason is said", async () => {
    const state = await network(host);
    const { code, stderr } = await libvirt.virsh("start", "flat");
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /guestnet: guest flat failed to start; libvirt removes its taps: NIC flat-0: bridge flat0 does not filter VLANs: /,
    );
    await becomes(() => network(host), state);
  });

  test("a restart of libvirtd changes nothing and kills no guest", async () => {
    const [ids, state] = [await qemus(host), await network(host)];
    expect(ids).toHaveLength(2);
    await libvirt.restart();
    expect((await libvirt.virsh("list", "--name")).stdout.split("\n").filter(Boolean).sort()).toEqual([
      "fw",
      "web",
    ]);
    expect(await qemus(host)).toEqual(ids);
    expect(await network(host)).toBe(state);
  });

  test("after virsh destroy nothing of the guests remains", async () => {
    for (const name of ["web", "fw"]) expect(await libvirt.virsh("destroy", name)).toMatchObject({ code: 0 });
    expect(await network(host)).toBe(before);
  });
});
