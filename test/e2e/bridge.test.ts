import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { describeInLabOnEngines } from "../lab/describe-on-engines.ts";
import { type Lab, type Libvirt, type Machine, openLab } from "../lab/lab.ts";
import { capture } from "./stage/traffic/capture.ts";
import { bare, bootable } from "./stage/guest/generate.ts";
import { launchConfigured } from "./stage/guest/routed-guest.ts";
import { launch, qemus, vlans } from "./stage/host/host.ts";
import { installHook } from "./stage/host/install-hook.ts";
import { network } from "./stage/host/network.ts";
import { cannotReach, reaches } from "./stage/traffic/ping.ts";
import { becomes } from "./stage/until.ts";

const NEEDS = ["vlan-filtering", "8021q", "libvirt"] as const;

/** A leg of the guest or the switch in one VLAN: the last byte of its addresses says who it is. */
const leg = (device: string, vlan: number, host: number): string =>
  `ip link set ${device} up; ip addr add 10.0.${String(vlan)}.${String(host)}/24 dev ${device}; ` +
  `ip addr add fd00:${String(vlan)}::${String(host)}/64 dev ${device}`;

const tagged = (device: string, vlan: number, host: number): string => {
  const sub = `${device}.${String(vlan)}`;
  return `ip link add link ${device} name ${sub} type vlan id ${String(vlan)}; ${leg(sub, vlan, host)}`;
};

/** The guests that run from the first test to the last. */
const GUESTS = ["web20", "files20", "cam30", "fw1", "fw2"] as const;

describeInLabOnEngines("guests on one VLAN-filtering bridge", NEEDS, (engine) => {
  let lab: Lab;
  let host: Machine;
  let physical: Machine;
  let libvirt: Libvirt;
  let before: string;

  const pings = (from: string, to: string): Promise<boolean> => reaches(libvirt.guest(from), to);
  const misses = (from: string, to: string): Promise<boolean> => cannotReach(libvirt.guest(from), to);

  beforeAll(async () => {
    lab = await openLab(NEEDS);
    host = await lab.machine("host");
    physical = await lab.machine("switch");
    for (const machine of [host, physical]) {
      await machine.sh("sysctl -qw net.ipv6.conf.all.accept_dad=0 net.ipv6.conf.default.accept_dad=0");
    }
    await lab.wire(host, "up0", physical, "eth0");
    // The uplink has VLAN 40 too, which no guest here has, and VLAN 10 without a tag.
    await host.sh(`
      ip link add br0 address 02:00:00:00:00:10 type bridge vlan_filtering 1 vlan_default_pvid 0 mcast_snooping 0
      ip link add br1 address 02:00:00:00:00:11 type bridge vlan_filtering 1 mcast_snooping 0
      ip link set up0 master br0
      for br in br0 br1; do ip link set $br up; done
      bridge vlan add dev up0 vid 10 pvid untagged
      for vid in 20 30 31 40; do bridge vlan add dev up0 vid $vid; done`);
    await physical.sh(
      [leg("eth0", 10, 1), ...[20, 30, 31, 40].map((vid) => tagged("eth0", vid, 1))].join("\n"),
    );
    await installHook(host, engine);
    libvirt = await host.libvirt();
    before = await network(host);

    const access = (vlan: number) => [{ type: "bridge", bridge: "br0", vlan }];
    // The guest of VLAN 30 has an address in VLAN 20's networks as well: only the VLAN keeps them apart.
    await launch(libvirt, "web20", bootable("web20", access(20), leg("eth0", 20, 11)));
    await launch(libvirt, "files20", bootable("files20", access(20), leg("eth0", 20, 12)));
    await launch(
      libvirt,
      "cam30",
      bootable("cam30", access(30), `${leg("eth0", 30, 11)}; ${leg("eth0", 20, 13)}`),
    );
    const trunk = [{ type: "bridge", bridge: "br0", trunk: ["30-31"], native: 10 }];
    const legs = [leg("eth0", 10, 9), tagged("eth0", 30, 9), tagged("eth0", 31, 9), tagged("eth0", 20, 9)];
    await launch(libvirt, "fw1", bootable("fw1", trunk, legs.join("\n")));
    const vlanAddresses = {
      30: { addresses: ["10.0.30.8/24", "fd00:30::8/64"] },
      31: { addresses: [] },
    };
    await launchConfigured(libvirt, "fw2", [{ ...trunk[0], addresses: ["10.0.10.8/24"], vlanAddresses }]);
    for (const name of GUESTS) await libvirt.guest(name).ready();
  });

  afterAll(async () => {
    await lab.close();
  });

  test("each port has exactly the VLANs of its profile", async () => {
    expect(await vlans(host, "web20-0")).toEqual(["20 PVID Egress Untagged"]);
    expect(await vlans(host, "files20-0")).toEqual(["20 PVID Egress Untagged"]);
    expect(await vlans(host, "cam30-0")).toEqual(["30 PVID Egress Untagged"]);
    expect(await vlans(host, "fw1-0")).toEqual(["10 PVID Egress Untagged", "30", "31"]);
  });

  test("VLAN 20 reaches VLAN 20 over IPv4 and IPv6", async () => {
    expect(await pings("web20", "10.0.20.12")).toBe(true);
    expect(await pings("files20", "fd00:20::11")).toBe(true);
  });

  test("VLAN 20 never reaches VLAN 30, not even with broadcasts", async () => {
    const heard = await capture(host, "cam30-0", "-Q out", async () => {
      expect(await misses("web20", "10.0.20.13")).toBe(true);
      expect(await misses("web20", "fd00:20::13")).toBe(true);
      expect(await misses("cam30", "10.0.20.11")).toBe(true);
      const fromWeb20 = (line: string): boolean => line.includes("10.0.20.11 > 10.0.20.255");
      const shout = () => libvirt.guest("web20").sh("ping -c 2 -W 1 10.0.20.255");
      // That is a broadcast: whoever is in its VLAN hears it.
      expect((await capture(host, "files20-0", "-Q out", shout)).filter(fromWeb20)).toHaveLength(2);
    });
    expect(heard.filter((line) => line.includes("10.0.20.11") || line.includes("fd00:20::11"))).toEqual([]);
  });

  test("a trunk guest sees tagged frames of its VLANs only, and its native VLAN untagged", async () => {
    const heard = await capture(host, "fw1-0", "-Q out arp", async () => {
      // Nobody has these addresses: each question is a broadcast in its VLAN.
      await physical.sh("for vid in 10 20 30 31 40; do ping -c 2 -W 1 10.0.$vid.77 & done; wait");
    });
    const tags = heard
      .filter((line) => /who-has 10\.0\.\d+\.77/.test(line))
      .map(
        (line) => `${/vlan (\d+)/.exec(line)?.[1] ?? "untagged"} ${/10\.0\.(\d+)\.77/.exec(line)?.[1] ?? ""}`,
      );
    expect([...new Set(tags)].sort()).toEqual(["30 30", "31 31", "untagged 10"]);
    // And inside the guest: the tags are what its own VLAN devices take them for.
    for (const network of ["10.0.10.1", "10.0.30.1", "10.0.31.1", "fd00:30::1"]) {
      expect([network, await pings("fw1", network)]).toEqual([network, true]);
    }
    const { stdout } = await libvirt.guest("fw1").sh("cat /sys/class/net/eth0.20/statistics/rx_packets");
    expect(stdout.trim()).toBe("0");
    expect(await misses("fw1", "10.0.20.1")).toBe(true);
  });

  test("a trunk guest with vlanAddresses makes its VLAN devices, and is held to their addresses", async () => {
    for (const network of ["10.0.10.1", "10.0.30.1", "fd00:30::1"]) {
      expect([network, await pings("fw2", network)]).toEqual([network, true]);
    }
    const { stdout } = await libvirt.guest("fw2").sh("ip -o address show dev eth0.31");
    expect(stdout).not.toMatch(/scope global/);
    await libvirt.guest("fw2").sh("ip address add 10.0.31.8/24 dev eth0.31");
    expect(await misses("fw2", "10.0.31.1")).toBe(true);
  });

  test("the uplink carries tagged frames to the switch", async () => {
    const heard = await capture(physical, "eth0", "icmp", async () => {
      expect(await pings("web20", "10.0.20.1")).toBe(true);
      expect(await pings("cam30", "10.0.30.1")).toBe(true);
      expect(await pings("web20", "fd00:20::1")).toBe(true);
    });
    expect(heard.filter((line) => line.includes("10.0.20.11 > 10.0.20.1")).join()).toContain("vlan 20,");
    expect(heard.filter((line) => line.includes("10.0.30.11 > 10.0.30.1")).join()).toContain("vlan 30,");
  });

  test("a guest that takes another MAC address is not heard", async () => {
    const spoof = "ip link set eth0 down; ip link set eth0 address 52:54:00:66:66:66; ip link set eth0 up";
    const guest = libvirt.guest("files20");
    const heard = await capture(physical, "eth0", "ether host 52:54:00:66:66:66", async () => {
      await guest.sh(
        `mac=$(cat /sys/class/net/eth0/address); ${spoof}; ping -c 1 -W 1 10.0.20.1; ` +
          `ip link set eth0 down; ip link set eth0 address $mac; ip link set eth0 up`,
      );
    });
    expect(heard).toEqual([]);
    await guest.sh("ip addr add fd00:20::12/64 dev eth0"); // link down took it away
    expect(await pings("files20", "10.0.20.1")).toBe(true);
  });

  test("with vlan_default_pvid 1, VLAN 1 is on no guest port", async () => {
    const nics = [
      { type: "bridge", bridge: "br1", vlan: 20 },
      { type: "bridge", bridge: "br1", trunk: [30, "100-103"] },
      { type: "bridge", bridge: "br1", trunk: ["7-8"], native: 6 },
    ];
    await launch(libvirt, "pvid1", bare("pvid1", nics));
    expect(await vlans(host, "pvid1-0")).toEqual(["20 PVID Egress Untagged"]);
    expect(await vlans(host, "pvid1-1")).toEqual(["30", "100", "101", "102", "103"]);
    expect(await vlans(host, "pvid1-2")).toEqual(["6 PVID Egress Untagged", "7", "8"]);
    expect(await libvirt.virsh("destroy", "pvid1")).toMatchObject({ code: 0 });
  });

  test("with vlan_default_pvid 1, no frame of VLAN 1 reaches the guest, not even one that came before the hook", async () => {
    // A neighbour in VLAN 1 that never stops asking, from before the guest's tap exists until its system runs.
    await host.sh(`ip link add noise type veth peer name noise-br; ip link set noise-br master br1; ip link set noise-br up
      ip addr add 10.9.9.1/24 dev noise; ip link set noise up`);
    const noise = await host.background(["ping", "-q", "-b", "-i", "0.02", "10.9.9.255"]);
    const nic = { type: "bridge", bridge: "br1", vlan: 20 };
    await launch(libvirt, "quiet1", bootable("quiet1", [nic], "ip link set eth0 up; sleep 1"));
    await libvirt.guest("quiet1").ready();
    const { stdout } = await libvirt.guest("quiet1").sh("cat /sys/class/net/eth0/statistics/rx_packets");
    expect(Number(/(\d+) packets transmitted/.exec((await noise.stop()).stdout)?.[1])).toBeGreaterThan(50);
    expect(stdout.trim()).toBe("0");
    await host.sh("ip link delete dev noise");
    expect(await libvirt.virsh("destroy", "quiet1")).toMatchObject({ code: 0 });
  });

  test("a restart of libvirtd changes nothing and kills nobody", async () => {
    const [ids, state] = [await qemus(host), await network(host)];
    expect(ids).toHaveLength(GUESTS.length);
    await libvirt.restart();
    const running = (await libvirt.virsh("list", "--name")).stdout.split("\n").filter(Boolean);
    expect(running.sort()).toEqual([...GUESTS].sort());
    expect(await qemus(host)).toEqual(ids);
    expect(await network(host)).toBe(state);
    expect(await pings("web20", "10.0.20.12")).toBe(true);
  });

  test("a restart of libvirtd repairs what was broken meanwhile", async () => {
    await host.sh("bridge vlan del dev web20-0 vid 20; bridge vlan add dev web20-0 vid 1 pvid untagged");
    await libvirt.restart();
    await becomes(() => vlans(host, "web20-0"), ["20 PVID Egress Untagged"]);
    expect(await pings("web20", "10.0.20.12")).toBe(true);
  });

  test("after virsh destroy nothing of the guests remains", async () => {
    for (const name of GUESTS) {
      expect(await libvirt.virsh("destroy", name)).toMatchObject({ code: 0 });
    }
    // The rules of guests with addresses stay for the next one.
    expect(await host.sh("nft list table bridge guestnet")).not.toContain("elements");
    await host.sh("nft delete table bridge guestnet");
    expect(await network(host)).toBe(before);
  });
});
