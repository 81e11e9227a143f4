import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { describeInLab } from "../lab/describe-in-lab.ts";
import type { Libvirt, Machine } from "../lab/lab.ts";
import { capture } from "./stage/traffic/capture.ts";
import { bare } from "./stage/guest/generate.ts";
import { network } from "./stage/host/network.ts";
import { answers as answersTo, isSilent, reached, reaches, spoof } from "./stage/traffic/ping.ts";
import { launchConfigured } from "./stage/guest/routed-guest.ts";
import { openRoutedHost, type RoutedHost } from "./stage/host/routed-host.ts";
import { until } from "./stage/until.ts";

const NEEDS = ["nft-inet", "libvirt"] as const;

const addresses = (n: number) => [`2001:db8::${n}`, `192.0.2.${n}`];

describeInLab("routed guests on an on-link network", NEEDS, () => {
  let on: RoutedHost;
  let host: Machine;
  let upstream: Machine;
  let libvirt: Libvirt;
  let before: string;

  const answers = (to: string, options = ""): Promise<boolean> => answersTo(upstream, to, options);
  const pings = (from: string, to: string): Promise<boolean> => reaches(libvirt.guest(from), to);

  beforeAll(async () => {
    // The provider's one network, and no route to any guest.
    on = await openRoutedHost(NEEDS, {
      onHost: "ip addr add 192.0.2.200/24 dev up0; ip addr add 2001:db8::200/64 dev up0 nodad",
      upstream: "ip addr add 192.0.2.254/24 dev eth0; ip addr add 2001:db8::254/64 dev eth0 nodad",
    });
    ({ host, upstream, libvirt } = on);
  });
  afterAll(async () => {
    await on.lab.close();
  });

  test("do not start while the host may not answer for them", async () => {
    const nic = { type: "routed", addresses: addresses(1), proxy: ["up0", "up9"] };
    expect(await libvirt.define(bare("p0", [nic]))).toMatchObject({ code: 0 });
    const { code, stderr } = await libvirt.virsh("start", "p0");
    expect(code).toBe(1);
    expect(stderr).toContain("uplink up9 does not exist");
    expect(stderr).toContain('enable it with "sysctl -w net/ipv6/conf/all/proxy_ndp=1"');
    await host.sh("sysctl -qw net.ipv6.conf.all.proxy_ndp=1");
    before = await network(host);
  });

  test("are reached there while they run, and only where the profile says so", async () => {
    const answeredFor = { type: "routed", addresses: addresses(1), proxy: ["up0"], mtu: 1400 };
    await launchConfigured(libvirt, "on", [answeredFor]);
    await launchConfigured(libvirt, "off", [{ type: "routed", addresses: addresses(2) }]);
    expect((await host.sh("ip neigh show proxy")).trim().split("\n").sort()).toEqual([
      "192.0.2.1 dev up0 proxy proto 76 ",
      "2001:db8::1 dev up0 proxy proto 76",
    ]);
    for (const to of addresses(1)) expect(await answers(to)).toBe(true);
    for (const to of addresses(2)) expect(await isSilent(upstream, to)).toBe(true);
    expect(await pings("on", "192.0.2.254")).toBe(true);
    expect(await pings("on", "2001:db8::254")).toBe(true);
  });

  test("are asked again whether they are still there, and the host answers that, too", async () => {
    const heard = await capture(upstream, "eth0", "icmp6", async () => {
      // Neighbour unreachability detection (RFC 4861, 7.3), from its last state on.
      await upstream.sh(
        "ip neigh replace 2001:db8::1 dev eth0 lladdr $(ip neigh show 2001:db8::1 | grep -o 'lladdr [^ ]*' | cut -d' ' -f2) nud probe",
      );
      await until(upstream, "ip neigh show 2001:db8::1 | grep REACHABLE");
    });
    expect(heard.some((line) => line.includes("neighbor advertisement, tgt is 2001:db8::1"))).toBe(true);
  });

  test("learn the MTU of their tap: large packets arrive, too large ones are told so", async () => {
    expect((await libvirt.guest("on").sh("cat /sys/class/net/eth0/mtu")).stdout.trim()).toBe("1400");
    expect(await host.sh("ip link show dev on-0")).toContain(" mtu 1400 ");
    for (const to of addresses(1)) {
      const header = to.includes(":") ? 48 : 28;
      expect(await answers(to, `-M do -s ${1400 - header}`)).toBe(true);
      // The first is told by the host, the next by upstream's own kernel, which has heard it.
      const big = `ping -c 2 -W 1 -M do -s ${1401 - header} ${to} 2>&1`;
      expect(await upstream.sh(`${big} || true`)).toMatch(/mtu[ =:]*1400/i);
      // Without "do not fragment" whatever is sent arrives.
      expect(await answers(to, "-s 1472")).toBe(true);
    }
  });

  test("of which one is uplink-only reach no other, and the others each other", async () => {
    const alone = { type: "routed", addresses: addresses(3), proxy: ["up0"], reach: "uplink-only" };
    await launchConfigured(libvirt, "alone", [alone]);
    for (const to of addresses(3)) expect(await answers(to)).toBe(true);
    const guest = (name: string) => libvirt.guest(name);
    const both = [...addresses(1), ...addresses(2)];
    const others = [...addresses(2), "2001:db8::200"];
    const answered = [
      reached(guest("alone"), "192.0.2.254", "2001:db8::200", ...both),
      reached(guest("on"), ...others, ...addresses(3)),
      reached(guest("off"), ...addresses(1), ...addresses(3)),
    ];
    expect(await Promise.all(answered)).toEqual([["192.0.2.254", "2001:db8::200"], others, addresses(1)]);
  });

  test("are heard by nobody with addresses that are not theirs, in packets or as neighbours", async () => {
    const guest = libvirt.guest("on");
    const spoofed = ["192.0.2.2", "192.0.2.99", "2001:db8::2", "2001:db8::99"];
    const heard = new Map<string, readonly string[]>();
    // The host's own answer would go where the address is: to the other guest, or out by the uplink.
    const listen = async (device: string, during: () => Promise<unknown>): Promise<void> => {
      heard.set(device, await capture(host, device, "icmp or icmp6 or arp", during));
    };
    await listen("up0", () =>
      listen("off-0", async () => {
        for (const own of spoofed) {
          // Upstream, another guest, and the host itself.
          const all = own.includes(":")
            ? ["2001:db8::254", "2001:db8::2", "2001:db8::200"]
            : ["192.0.2.254", "192.0.2.2", "192.0.2.200"];
          await spoof(guest, own, ...all.filter((to) => to !== own));
        }
      }),
    );
    for (const device of ["up0", "off-0"])
      expect(heard.get(device)?.filter((line) => /echo|::99|[.]99\b/.test(line))).toEqual([]);
    // What it claims as a neighbour changes nothing: the other guest keeps its address, for the host and upstream.
    await guest.sh(
      "arping -U -c 2 -w 2 -I eth0 -s 192.0.2.2 192.0.2.2 & arping -A -c 2 -w 2 -I eth0 -s 192.0.2.254 192.0.2.254; wait",
    );
    for (const to of addresses(2)) {
      expect(await host.sh(`ip route get ${to}`)).toContain("dev off-0");
      expect(await answersTo(host, to)).toBe(true);
    }
    expect(await answersTo(host, "192.0.2.254")).toBe(true);
    for (const to of addresses(1)) expect(await answers(to)).toBe(true);
  });

  test("that stopped are answered for no more, also after a libvirtd that was killed", async () => {
    await host.sh("kill -9 $(cat /run/libvirtd.pid)");
    await libvirt.start();
    for (const to of addresses(1)) expect(await answers(to)).toBe(true);
    for (const name of ["on", "off", "alone"])
      expect(await libvirt.virsh("destroy", name)).toMatchObject({ code: 0 });
    expect(await host.sh("ip neigh show proxy")).toBe("");
    expect(await network(host)).toBe(before);
    for (const to of addresses(1)) expect(await isSilent(upstream, to)).toBe(true);
  });
});
