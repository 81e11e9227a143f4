import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { describeInLab } from "../lab/describe-in-lab.ts";
import type { Lab, Libvirt, Machine } from "../lab/lab.ts";
import { capture } from "./stage/traffic/capture.ts";
import { bare } from "./stage/guest/generate.ts";
import { launch } from "./stage/host/host.ts";
import { network } from "./stage/host/network.ts";
import { answers, reaches, spoof } from "./stage/traffic/ping.ts";
import { launchConfigured } from "./stage/guest/routed-guest.ts";
import { defaultRoutes, HOST_ADDRESSES, openRoutedHost } from "./stage/host/routed-host.ts";

describeInLab("routed guests in a VRF", ["vrf", "nft-inet", "libvirt"], () => {
  let lab: Lab;
  let host: Machine;
  let upstream: Machine;
  let libvirt: Libvirt;
  let before: string;
  const red = (n: number) => ({
    type: "routed",
    addresses: [`2001:db8::${n}`, `192.0.2.${n}`],
    prefixes: [`2001:db8:53:${n}::/64`],
    vrf: "red",
  });

  beforeAll(async () => {
    ({ lab, host, upstream, libvirt } = await openRoutedHost(["vrf", "nft-inet", "libvirt"], { onHost: "" }));
  });
  afterAll(async () => {
    await lab.close();
  });

  test("do not start without it, and are told how to make it", async () => {
    expect(await libvirt.define(bare("red0", [red(9)]))).toMatchObject({ code: 0 });
    const { code, stderr } = await libvirt.virsh("start", "red0");
    expect(code).toBe(1);
    expect(stderr).toContain(
      'NIC red0-0: VRF red does not exist: create it with "ip link add red type vrf table NUMBER"',
    );
  });

  test("have their routes in its table, and are reached through its uplink", async () => {
    await host.sh(`
      ip link add red type vrf table 10; ip link set red up
      ip link set up0 master red; ${HOST_ADDRESSES}; ${defaultRoutes("vrf red")}`);
    before = await network(host);
    for (const n of [1, 2]) await launchConfigured(libvirt, `red${n}`, [red(n)]);
    expect((await host.sh("ip route show vrf red proto 76")).trim().split("\n").sort()).toEqual([
      "192.0.2.1 dev red1-0 scope link ",
      "192.0.2.2 dev red2-0 scope link",
    ]);
    expect(await host.sh("ip route show proto 76; ip -6 route show proto 76")).toBe("");
    for (const to of ["192.0.2.1", "2001:db8::1"]) expect(await answers(upstream, to)).toBe(true);
    for (const to of ["198.51.100.1", "2001:db8::2"])
      expect(await reaches(libvirt.guest("red1"), to)).toBe(true);
  });

  test("are heard only with their own addresses, there too", async () => {
    const guest = libvirt.guest("red1");
    const heard = await capture(upstream, "eth0", "icmp or icmp6", async () => {
      for (const from of ["192.0.2.2", "192.0.2.99"]) await spoof(guest, from, "198.51.100.1");
      for (const from of ["2001:db8::2", "2001:db8::99"]) await spoof(guest, from, "2001:db8:ff::1");
    });
    expect(heard.filter((line) => line.includes("echo request"))).toEqual([]);
  });

  test("may have what a guest outside has, but not what one inside has", async () => {
    const { vrf, ...outside } = red(1);
    expect(vrf).toBe("red");
    await launch(libvirt, "plain", bare("plain", [outside]));
    expect(await libvirt.virsh("destroy", "plain")).toMatchObject({ code: 0 });
    for (const [what, nic] of [
      ["192.0.2.1/32 is already routed to the guest behind tap red1-0", { addresses: ["192.0.2.1"] }],
      ["2001:db8:53:1::/64 is already routed to", { prefixes: ["2001:db8:53:1::/64"] }],
      ["2001:db8:53:1::7/128 overlaps 2001:db8:53:1::/64, which", { addresses: ["2001:db8:53:1::7"] }],
      ["2001:db8:53::/48 overlaps 2001:db8:53:1::/64, which", { prefixes: ["2001:db8:53::/48"] }],
    ] as const) {
      const red7 = { ...red(7), prefixes: [], ...nic };
      expect(await libvirt.define(bare("red7", [red7]))).toMatchObject({ code: 0 });
      const { code, stderr } = await libvirt.virsh("start", "red7");
      expect([code, stderr]).toEqual([1, expect.stringContaining(what)]);
    }
  });

  test("leave nothing", async () => {
    for (const name of ["red1", "red2"])
      expect(await libvirt.virsh("destroy", name)).toMatchObject({ code: 0 });
    expect(await network(host)).toBe(before);
  });
});

describeInLab("routed guests with the same addresses", ["nft-inet", "libvirt"], () => {
  let lab: Lab;
  let host: Machine;
  let upstream: Machine;
  let libvirt: Libvirt;
  let before: string;
  const nic = { type: "routed", addresses: ["2001:db8::53", "192.0.2.53"] };

  beforeAll(async () => {
    ({ lab, host, upstream, libvirt } = await openRoutedHost(["nft-inet", "libvirt"]));
    before = await network(host);
  });
  afterAll(async () => {
    await lab.close();
  });
  const destroy = async (name: string): Promise<void> => {
    expect(await libvirt.virsh("destroy", name)).toMatchObject({ code: 0 });
  };

  test("share them as anycast: one takes over when the other stops", async () => {
    for (const name of ["any1", "any2"]) await launchConfigured(libvirt, name, [{ ...nic, anycast: true }]);
    expect((await host.sh("ip route show proto 76 192.0.2.53")).trim().split("\n")).toHaveLength(2);
    const tap = async (to: string) => /dev (\S+)/.exec(await host.sh(`ip route get ${to}`))?.[1];
    for (const to of nic.addresses) {
      expect(await tap(to)).toBe("any1-0");
      expect(await answers(upstream, to)).toBe(true);
    }
    await destroy("any1");
    for (const to of nic.addresses) {
      expect(await tap(to)).toBe("any2-0");
      expect(await answers(upstream, to)).toBe(true);
    }
    expect(await reaches(libvirt.guest("any2"), "198.51.100.1")).toBe(true);
    await destroy("any2");
    expect(await network(host)).toBe(before);
  });

  test("are apart in tables, and the host's rules choose; the metric is the profile's", async () => {
    await host.sh("ip rule add pref 100 lookup 100; ip -6 rule add pref 100 lookup 100");
    const inTable = { ...nic, prefixes: ["2001:db8:53::/64", "203.0.113.0/28"], table: 100, metric: 50 };
    await launch(libvirt, "main1", bare("main1", [nic]));
    await launchConfigured(libvirt, "table1", [inTable]);
    const shown = await host.sh(
      "ip route show table 100 | sed 's/ onlink//; s/ *$//'; ip -6 route show table 100 | sed 's/ onlink//'",
    );
    expect(shown.trim().split("\n")).toEqual([
      "192.0.2.53 dev table1-0 proto 76 scope link metric 50",
      "203.0.113.0/28 via 192.0.2.53 dev table1-0 proto 76 metric 50",
      "2001:db8::53 dev table1-0 proto 76 metric 50 pref medium",
      "2001:db8:53::/64 via 2001:db8::53 dev table1-0 proto 76 metric 50 pref medium",
    ]);
    for (const to of nic.addresses) expect(await answers(upstream, to)).toBe(true);
    await destroy("main1");
    await destroy("table1");
    await host.sh("ip rule del pref 100; ip -6 rule del pref 100");
    expect(await network(host)).toBe(before);
  });
});
