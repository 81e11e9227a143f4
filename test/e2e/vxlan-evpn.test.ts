import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { describeInLab } from "../lab/describe-in-lab.ts";
import { type EvpnFrr, evpnFrr } from "../lab/packages/frr.ts";
import type { Machine } from "../lab/lab.ts";
import { capture, startCapture } from "./stage/traffic/capture.ts";
import { evpnMacs, startEvpn } from "./stage/hosts/evpn.ts";
import { arp, ethernet, type Payload, tag, udp4 } from "./stage/traffic/frame.ts";
import { bare } from "./stage/guest/generate.ts";
import { launch } from "./stage/host/host.ts";
import { becomes as hostBecomes, stateOf } from "./stage/moves/moved-ports.ts";
import {
  applySite,
  insideOf,
  OVERLAY_NEEDS,
  overlaySite,
  pings,
  reaches,
  plugIn,
  READY,
  sendsFrames,
  type StandIn,
  startStandIn,
  underlayAddress,
} from "./stage/hosts/overlay.ts";
import { migrate, openTwoHosts, type TwoHosts } from "./stage/hosts/two-hosts.ts";
import { becomes, until } from "./stage/until.ts";

const NEEDS = [...OVERLAY_NEEDS, "libvirt"] as const;

const WEB1: StandIn = { name: "web1", mac: "52:54:00:00:20:01", address: "10.0.0.1", nic: { vlan: 20 } };
const WEB2: StandIn = { name: "web2", mac: "52:54:00:00:20:02", address: "10.0.0.2", nic: { vlan: 20 } };
const NEAR: StandIn = { name: "near1", mac: "52:54:00:00:20:03", address: "10.0.0.3", nic: { vlan: 20 } };
const DMZ1: StandIn = { name: "dmz1", mac: "52:54:00:00:30:01", address: "10.0.0.4", nic: { vlan: 30 } };
const DMZ2: StandIn = { name: "dmz2", mac: "52:54:00:00:30:02", address: "10.0.0.5", nic: { vlan: 30 } };
const TRUNK: StandIn = {
  ...{ name: "fw1", mac: "52:54:00:00:40:01", address: "10.0.0.6" },
  nic: { trunk: [20, 30] },
};
/** Not a guest: somebody on an uplink of the bridge, whose frames have a tag. */
const OUTSIDE: StandIn = { name: "out1", mac: "52:54:00:00:99:01", address: "10.0.0.9", nic: {} };
/** A guest in QEMU, which moves. */
const MOVING = { name: "vm1", mac: "52:54:00:00:20:07", address: "10.0.0.7" };

const site = (number: number): object =>
  overlaySite(number, { local: underlayAddress("ipv4", number), evpn: true });

describeInLab("a VLAN between two hosts over VXLAN, with EVPN", NEEDS, () => {
  let two: TwoHosts;
  let h1: Machine;
  let h2: Machine;
  let frr: EvpnFrr;

  const macs = (host: Machine) => evpnMacs(host, frr);
  const entryOf = (mac: string) => h1.sh(`bridge fdb show br br0 | grep '^${mac} .* vlan 20 '`);

  beforeAll(async () => {
    const found = evpnFrr();
    if (found === null) throw new Error("no FRR from version 9 on: npm run lab-setup");
    frr = found;
    two = await openTwoHosts(NEEDS, "fabric", async (host) => {
      await host.sh(READY);
      await applySite(host, site(host.name === "h1" ? 1 : 2));
    });
    [h1, h2] = [two.h1.machine, two.h2.machine];
    await startEvpn(h1, frr, 1, 2);
    await startEvpn(h2, frr, 2, 1);
    for (const guest of [WEB1, NEAR, DMZ1]) await startStandIn(h1, guest);
    for (const guest of [WEB2, DMZ2]) await startStandIn(h2, guest);
  });
  afterAll(async () => {
    await two.lab.close();
  });

  test("guests reach each other without a list of hosts, by what BGP says of their MAC addresses", async () => {
    await reaches(h1, WEB1, WEB2.address);
    await becomes(async () => {
      const all = await macs(h1);
      return [all[WEB1.mac], all[WEB2.mac]];
    }, ["local web1-0", `remote ${underlayAddress("ipv4", 2)}`]);
    expect(await pings(h1, DMZ1, DMZ2.address)).toBe(false);
  });

  test("a frame to an unknown receiver goes to the other host, and so does no frame to a known one", async () => {
    const to = (mac: string): readonly number[] => ethernet(WEB1.mac, udp4(WEB1.address, 1000, 53), mac);
    const heard = async (mac: string) =>
      insideOf(await capture(h2, "up0", "-t udp port 4789", () => sendsFrames(h1, WEB1, [to(mac)])));
    expect(await heard("52:54:00:99:99:99")).toEqual([`1020 ${WEB1.mac}`]);
    await reaches(h1, NEAR, WEB1.address);
    expect(await heard(NEAR.mac)).toEqual([]);
  });

  test("a guest that uses another's MAC address is not heard, and does not take its place", async () => {
    await reaches(h1, NEAR, WEB1.address);
    const payloads: readonly (readonly [Payload, string?])[] = [
      [udp4(NEAR.address, 1000, 53)],
      [arp(2, NEAR.mac, NEAR.address, NEAR.address)],
      // A bridge learns from link-local frames before nftables sees them, unless it is told not to.
      [[0x88, 0xcc, 0, 0], "01:80:c2:00:00:0e"],
    ];
    const forged = payloads.map(([payload, to]) => ethernet(NEAR.mac, payload, to));
    const lines = await capture(h2, "up0", "-t udp port 4789", () => sendsFrames(h1, WEB1, forged));
    // Other guests look for their neighbours meanwhile.
    expect(insideOf(lines).filter((line) => line.endsWith(NEAR.mac))).toEqual([]);
    expect(await entryOf(NEAR.mac)).toContain(" dev near1-0 ");
    expect((await macs(h1))[NEAR.mac]).toBe("local near1-0");

    // It is the setting that keeps the bridge from it.
    const lldp = forged.slice(-1);
    await h1.sh("echo 0 >/sys/class/net/br0/bridge/no_linklocal_learn");
    await sendsFrames(h1, WEB1, lldp);
    expect(await entryOf(NEAR.mac)).toContain(" dev web1-0 ");
    await h1.sh("echo 1 >/sys/class/net/br0/bridge/no_linklocal_learn");
  });

  test("a frame with a guest's MAC address that comes by an uplink does not cut it off", async () => {
    await plugIn(h1, OUTSIDE);
    await h1.sh("bridge vlan add dev out1-0 vid 20");
    await reaches(h1, WEB1, WEB2.address);
    await sendsFrames(h1, OUTSIDE, [ethernet(WEB1.mac, tag(20, udp4(WEB1.address, 1000, 53)))]);
    // The frame does arrive, and the entry goes with it, until the guest speaks.
    expect(await entryOf(WEB1.mac)).toContain(" dev out1-0 ");
    await reaches(h1, WEB1, WEB2.address);
    expect(await entryOf(WEB1.mac)).toContain(" dev web1-0 ");
    await h1.sh("ip link delete out1-0");
  });

  test("a trunk guest is found by the VLANs that travel, and forges no address in them", async () => {
    await startStandIn(h1, TRUNK);
    await h1.sh(`ip -n ${TRUNK.name} address flush dev eth0
      for vid in 20 30; do
        ip -n ${TRUNK.name} link add link eth0 name vlan$vid type vlan id $vid
        ip -n ${TRUNK.name} address add 10.0.0.$((vid + 100))/24 dev vlan$vid
        ip -n ${TRUNK.name} link set vlan$vid up
      done`);
    await reaches(h1, TRUNK, WEB2.address, "-I vlan20");
    await becomes(async () => (await macs(h2))[TRUNK.mac], `remote ${underlayAddress("ipv4", 1)}`);
    await reaches(h1, TRUNK, DMZ1.address, "-I vlan30");
    expect(await pings(h1, TRUNK, DMZ2.address, "-I vlan30")).toBe(false);
    const forged = [ethernet(WEB1.mac, tag(20, udp4(WEB1.address, 1000, 53)))];
    const lines = await capture(h2, "up0", "-t udp port 4789", () => sendsFrames(h1, TRUNK, forged));
    expect(insideOf(lines)).toEqual([]);
    expect((await macs(h1))[WEB1.mac]).toBe("local web1-0");
  });

  test("a guest that moves is found on the other host within a second", async () => {
    const nic = { type: "bridge", bridge: "br0", vlan: 20, mac: MOVING.mac };
    const empty = await stateOf(two.h1);
    await launch(two.h1.libvirt, MOVING.name, bare(MOVING.name, [nic]));
    // It has only firmware, and says nothing: both hosts have its address by a frame in its name.
    await h1.sh(`bridge fdb replace ${MOVING.mac} dev vm1-0 vlan 20 master dynamic`);
    await becomes(async () => (await macs(h2))[MOVING.mac], `remote ${underlayAddress("ipv4", 1)}`);

    // One neighbour on each host sends 20 frames a second to it; the one on its new host is the control.
    const senders = [
      { host: h1, guest: NEAR },
      { host: h2, guest: WEB2 },
    ];
    const sending = [];
    for (const { host, guest } of senders) {
      await host.sh(
        `ip -n ${guest.name} neigh replace ${MOVING.address} lladdr ${MOVING.mac} dev eth0 nud permanent`,
      );
      const ping = ["ip", "netns", "exec", guest.name, "ping", "-i", "0.05", MOVING.address];
      sending.push({
        sent: await startCapture(host, `${guest.name}-0`, `-tt icmp and ether src ${guest.mac}`),
        ping: await host.background(ping),
      });
    }
    const moving = migrate(MOVING.name, two.h1, two.h2, "--bandwidth", "1");
    await until(h2, "[ -e /sys/class/net/vm1-0 ]");
    const tap = await startCapture(h2, "vm1-0", "-tt");
    expect(await moving).toMatchObject({ code: 0, stderr: "" });
    await becomes(async () => (await macs(h1))[MOVING.mac], `remote ${underlayAddress("ipv4", 2)}`);
    await h2.sh("sleep 1");
    const frames: (readonly string[])[] = [];
    for (const { sent, ping } of sending) {
      await ping.stop();
      frames.push(await sent.stop());
    }
    const arrived = await tap.stop();

    const timeOf = (line: string | undefined): number => Number(line?.split(" ")[0]);
    const began = timeOf(arrived.find((line) => line.split(" ")[1] === MOVING.mac));
    /** How many frames a neighbour sent after the guest had begun to run on its new host, and in vain. */
    const lost = senders.map(({ guest }, index) => {
      const first = timeOf(arrived.find((line) => line.split(" ")[1] === guest.mac && timeOf(line) >= began));
      return (frames[index] ?? []).map(timeOf).filter((at) => at > began && at < first - 0.01).length;
    });
    expect([began, ...lost].filter(Number.isNaN)).toEqual([]);
    const [far = NaN, control = NaN] = lost;
    expect(far - control).toBeLessThan(20);

    // Nothing is left on the host that it came from, and no entry here that would keep it from moving on.
    await hostBecomes(two.h1, empty);
    expect((await macs(h2))[MOVING.mac]).toBe("local vm1-0");
    expect(await h2.sh(`bridge fdb show dev vm1-0 | grep -c 'static\\|sticky' || true`)).toBe("0\n");
  });
});
