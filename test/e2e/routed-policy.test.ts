import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { describeInLab } from "../lab/describe-in-lab.ts";
import { type Lab, type Libvirt, type Machine, openLab } from "../lab/lab.ts";
import { bare, bootable } from "./generate.ts";
import { capture, launch, network } from "./host.ts";
import { installHook } from "./install-hook.ts";

const NEEDS = ["nft-inet", "libvirt"] as const;

/** What a guest with both families runs. */
const configure = (n: number): string => `
  ip link set eth0 up
  ip addr add 192.0.2.${n}/32 dev eth0; ip route add 169.254.0.1 dev eth0; ip route add default via 169.254.0.1
  ip addr add 2001:db8::${n}/128 dev eth0; ip -6 route add default via fe80::1 dev eth0`;
const addresses = (n: number) => [`2001:db8::${n}`, `192.0.2.${n}`];

describeInLab("routed guests on an on-link network", NEEDS, () => {
  let lab: Lab;
  let host: Machine;
  let upstream: Machine;
  let libvirt: Libvirt;
  let before: string;

  const answers = async (to: string, ...options: readonly string[]): Promise<boolean> =>
    (await upstream.run(["ping", "-c", "1", "-W", "3", ...options, to])).code === 0;
  const pings = async (from: string, to: string): Promise<boolean> =>
    (await libvirt.guest(from).sh(`ping -c 1 -W 3 ${to}`)).code === 0;

  beforeAll(async () => {
    lab = await openLab(NEEDS);
    host = await lab.machine("host");
    upstream = await lab.machine("upstream");
    for (const machine of [host, upstream])
      await machine.sh("sysctl -qw net.ipv6.conf.all.accept_dad=0 net.ipv6.conf.default.accept_dad=0");
    await lab.wire(host, "up0", upstream, "eth0");
    // The provider's one network, and no route to any guest.
    await host.sh(`
      sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
      ip addr add 192.0.2.200/24 dev up0; ip addr add 2001:db8::200/64 dev up0 nodad`);
    await upstream.sh("ip addr add 192.0.2.254/24 dev eth0; ip addr add 2001:db8::254/64 dev eth0 nodad");
    await installHook(host);
    libvirt = await host.libvirt();
  });
  afterAll(async () => {
    await lab.close();
  });

  test("do not start while the host may not answer for them", async () => {
    const nic = { type: "routed", addresses: addresses(1), proxy: ["up0", "up9"] };
    expect(await libvirt.define(bare("p0", [nic]))).toMatchObject({ code: 0 });
    const { code, stderr } = await libvirt.virsh("start", "p0");
    expect(code).toBe(1);
    expect(stderr).toContain("there is no uplink up9");
    expect(stderr).toContain('switch it on with "sysctl -w net/ipv6/conf/all/proxy_ndp=1"');
    await host.sh("sysctl -qw net.ipv6.conf.all.proxy_ndp=1");
    before = await network(host);
  });

  test("are reached there while they run, and only where the profile says so", async () => {
    await launch(
      libvirt,
      "on",
      bootable("on", [{ type: "routed", addresses: addresses(1), proxy: ["up0"], mtu: 1400 }], configure(1)),
    );
    await launch(
      libvirt,
      "off",
      bootable("off", [{ type: "routed", addresses: addresses(2) }], configure(2)),
    );
    for (const name of ["on", "off"]) await libvirt.guest(name).ready();
    expect((await host.sh("ip neigh show proxy")).trim().split("\n").sort()).toEqual([
      "192.0.2.1 dev up0 proxy proto 76 ",
      "2001:db8::1 dev up0 proxy proto 76",
    ]);
    for (const to of addresses(1)) expect(await answers(to)).toBe(true);
    for (const to of addresses(2)) expect(await answers(to)).toBe(false);
    expect(await pings("on", "192.0.2.254")).toBe(true);
    expect(await pings("on", "2001:db8::254")).toBe(true);
  });

  test("are asked again whether they are still there, and the host answers that, too", async () => {
    const heard = await capture(upstream, "eth0", "icmp6", async () => {
      await upstream.sh(
        "ip neigh replace 2001:db8::1 dev eth0 lladdr $(ip neigh show 2001:db8::1 | grep -o 'lladdr [^ ]*' | cut -d' ' -f2) nud delay",
      );
      await upstream.sh("ping -c 8 -i 1 -W 2 2001:db8::1 >/dev/null");
      expect(await upstream.sh("ip neigh show 2001:db8::1")).toContain("REACHABLE");
    });
    expect(heard.some((line) => line.includes("neighbor advertisement, tgt is 2001:db8::1"))).toBe(true);
  });

  test("learn the MTU of their tap: large packets arrive, too large ones are told so", async () => {
    expect((await libvirt.guest("on").sh("cat /sys/class/net/eth0/mtu")).stdout.trim()).toBe("1400");
    for (const to of addresses(1)) {
      const header = to.includes(":") ? 48 : 28;
      expect(await answers(to, "-M", "do", "-s", String(1400 - header))).toBe(true);
      const big = await upstream.run([
        "ping",
        "-c",
        "2",
        "-W",
        "2",
        "-M",
        "do",
        "-s",
        String(1401 - header),
        to,
      ]);
      expect(`${big.stdout}${big.stderr}`).toMatch(/mtu[ =:]*1400/i);
      // Without "do not fragment" whatever is sent arrives.
      expect(await answers(to, "-s", "1472")).toBe(true);
    }
  });

  test("of which one is uplink-only reach no other, and the others each other", async () => {
    const alone = { type: "routed", addresses: addresses(3), proxy: ["up0"], reach: "uplink-only" };
    await launch(libvirt, "alone", bootable("alone", [alone], configure(3)));
    await libvirt.guest("alone").ready();
    for (const to of addresses(3)) expect(await answers(to)).toBe(true);
    expect(await pings("alone", "192.0.2.254")).toBe(true);
    for (const [n, guest] of [
      [1, "on"],
      [2, "off"],
    ] as const) {
      for (const to of addresses(n)) expect(await pings("alone", to)).toBe(false);
      for (const to of addresses(3)) expect(await pings(guest, to)).toBe(false);
    }
    for (const to of addresses(2)) expect(await pings("on", to)).toBe(true);
    for (const from of ["on", "alone"]) expect(await pings(from, "2001:db8::200")).toBe(true);
  });

  test("are heard by nobody with addresses that are not theirs, in packets or as neighbours", async () => {
    const guest = libvirt.guest("on");
    const spoof = async (own: string, to: string) => {
      const length = own.includes(":") ? 128 : 32;
      await guest.sh(
        `ip addr add ${own}/${length} dev eth0; ping -c 1 -W 1 -I ${own} ${to}; ip addr del ${own}/${length} dev eth0`,
      );
    };
    const asHost = await capture(host, "up0", "icmp or icmp6 or arp", async () => {
      for (const own of ["192.0.2.2", "192.0.2.99", "2001:db8::2", "2001:db8::99"]) {
        const six = own.includes(":");
        // Upstream, another guest, and the host itself.
        for (const to of six
          ? ["2001:db8::254", "2001:db8::2", "2001:db8::200"]
          : ["192.0.2.254", "192.0.2.2", "192.0.2.200"])
          if (to !== own) await spoof(own, to);
      }
    });
    expect(asHost.filter((line) => line.includes("echo"))).toEqual([]);
    // What it claims as a neighbour changes nothing: the other guest keeps its address, for the host and upstream.
    await guest.sh(
      "arping -U -c 2 -w 2 -I eth0 -s 192.0.2.2 192.0.2.2; arping -A -c 2 -w 2 -I eth0 -s 192.0.2.254 192.0.2.254",
    );
    for (const to of addresses(2)) {
      expect(await host.sh(`ip route get ${to}`)).toContain("dev off-0");
      expect((await host.run(["ping", "-c", "1", "-W", "3", to])).code).toBe(0);
    }
    expect((await host.run(["ping", "-c", "1", "-W", "3", "192.0.2.254"])).code).toBe(0);
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
    for (const to of addresses(1)) expect(await answers(to)).toBe(false);
  });
});
