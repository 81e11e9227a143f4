import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { describeInLab } from "../lab/describe-in-lab.ts";
import { type Lab, type Libvirt, type Machine, openLab } from "../lab/lab.ts";
import { bootable } from "./generate.ts";
import { capture, launch, network, qemus } from "./host.ts";
import { installHook } from "./install-hook.ts";

const NEEDS = ["nft-inet", "libvirt"] as const;

const IPV4 = (address: string): string =>
  `ip addr add ${address}/32 dev eth0; ip route add 169.254.0.1 dev eth0; ip route add default via 169.254.0.1`;
const IPV6 = (address: string): string =>
  `ip addr add ${address}/128 dev eth0; ip -6 route add default via fe80::1 dev eth0`;

describeInLab("guests behind routed taps", NEEDS, () => {
  let lab: Lab;
  let host: Machine;
  let upstream: Machine;
  let libvirt: Libvirt;
  let before: string;

  const pings = async (from: string, to: string): Promise<boolean> =>
    (await libvirt.guest(from).sh(`ping -c 1 -W 3 ${to}`)).code === 0;

  beforeAll(async () => {
    lab = await openLab(NEEDS);
    host = await lab.machine("host");
    upstream = await lab.machine("upstream");
    // The uplinks' link-local addresses are there at once, not a second into the test.
    for (const machine of [host, upstream]) {
      await machine.sh("sysctl -qw net.ipv6.conf.all.accept_dad=0 net.ipv6.conf.default.accept_dad=0");
    }
    await lab.wire(host, "up0", upstream, "eth0");
    await host.sh(`
      sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
      ip addr add 198.51.100.2/24 dev up0; ip addr add 2001:db8:ff::2/64 dev up0 nodad
      ip route add default via 198.51.100.1; ip -6 route add default via 2001:db8:ff::1`);
    await upstream.sh(`
      ip addr add 198.51.100.1/24 dev eth0; ip addr add 2001:db8:ff::1/64 dev eth0 nodad
      ip route add 192.0.2.0/24 via 198.51.100.2
      ip -6 route add 2001:db8::/48 via 2001:db8:ff::2; ip -6 route add 2001:db8:53::/48 via 2001:db8:ff::2`);
    await installHook(host);
    libvirt = await host.libvirt();
    before = await network(host);
    await launch(
      libvirt,
      "dns1",
      bootable(
        "dns1",
        [{ type: "routed", addresses: ["2001:db8:0:1::53", "192.0.2.53"], prefixes: ["2001:db8:53::/64"] }],
        `ip link set eth0 up; ${IPV4("192.0.2.53")}; ${IPV6("2001:db8:0:1::53")}; ip addr add 2001:db8:53::5/64 dev lo`,
      ),
    );
    await launch(
      libvirt,
      "web6",
      bootable(
        "web6",
        [{ type: "routed", addresses: ["2001:db8:0:1::80"] }],
        `ip link set eth0 up; ${IPV6("2001:db8:0:1::80")}`,
      ),
    );
    for (const name of ["dns1", "web6"]) await libvirt.guest(name).ready();
  });

  afterAll(async () => {
    await lab.close();
  });

  test("their addresses are host routes of protocol 76 on their taps, an inventory", async () => {
    expect((await host.sh("ip route show proto 76")).trim()).toBe("192.0.2.53 dev dns1-0 scope link");
    const ipv6 = await host.sh("ip -6 route show proto 76 | sed 's/ metric.*//; s/ onlink.*//'");
    expect(ipv6.trim().split("\n").sort()).toEqual([
      "2001:db8:0:1::53 dev dns1-0",
      "2001:db8:0:1::80 dev web6-0",
      "2001:db8:53::/64 via 2001:db8:0:1::53 dev dns1-0",
    ]);
  });

  test("the dual-stack guest reaches upstream, and upstream reaches it", async () => {
    expect(await pings("dns1", "198.51.100.1")).toBe(true);
    expect(await pings("dns1", "2001:db8:ff::1")).toBe(true);
    for (const address of ["192.0.2.53", "2001:db8:0:1::53", "2001:db8:53::5"]) {
      expect(await upstream.run(["ping", "-c", "1", "-W", "3", address])).toMatchObject({ code: 0 });
    }
  });

  test("the IPv6-only guest reaches upstream, and has nothing of IPv4 on the host", async () => {
    expect(await pings("web6", "2001:db8:ff::1")).toBe(true);
    expect(await upstream.run(["ping", "-c", "1", "-W", "3", "2001:db8:0:1::80"])).toMatchObject({ code: 0 });
    expect((await host.sh("ip -4 address show dev web6-0")).trim()).toBe("");
  });

  test("guests reach each other only through the host's routing", async () => {
    const [from, to] = ["2001:db8:0:1::53", "2001:db8:0:1::80"];
    expect(await pings("dns1", to)).toBe(true);
    // One hop lies between them, and it is the host.
    const { stdout } = await libvirt.guest("dns1").sh(`traceroute6 -n -q 1 -w 3 -m 4 ${to}`);
    const hops = [...stdout.matchAll(/^ *\d+ +(\S+)/gm)].map((match) => match[1]);
    expect(hops).toEqual([expect.not.stringMatching(/[*]|::80$/), to]);
    // Nothing on link: the other guest's tap never carries the question for its address.
    const heard = await capture(host, "web6-0", "icmp6 or arp", () =>
      libvirt
        .guest("dns1")
        .sh(`ip -6 route add ${to}/128 dev eth0; ping -c 1 -W 1 ${to}; ip -6 route del ${to}/128 dev eth0`),
    );
    expect(heard.filter((line) => line.includes(from))).toEqual([]);
    // And the host's policy decides.
    await host.sh(
      "nft 'table inet test { chain f { type filter hook forward priority 0; iifgroup 76 oifgroup 76 drop; }; }'",
    );
    expect(await pings("dns1", to)).toBe(false);
    expect(await pings("dns1", "2001:db8:ff::1")).toBe(true);
    await host.sh("nft delete table inet test");
  });

  test("a guest is heard only with its own addresses", async () => {
    const guest = libvirt.guest("dns1");
    const heard = await capture(upstream, "eth0", "icmp or icmp6", async () => {
      await guest.sh(
        "ip addr add 192.0.2.99/32 dev eth0; ping -c 1 -W 1 -I 192.0.2.99 198.51.100.1; ip addr del 192.0.2.99/32 dev eth0",
      );
      await guest.sh(
        "ip addr add 2001:db8:0:1::80/128 dev eth0; ping -c 1 -W 1 -I 2001:db8:0:1::80 2001:db8:ff::1; ip addr del 2001:db8:0:1::80/128 dev eth0",
      );
    });
    expect(heard.filter((line) => line.includes("echo request"))).toEqual([]);
  });

  test("a restart of libvirtd changes nothing and kills nobody", async () => {
    const [ids, state] = [await qemus(host), await network(host)];
    expect(ids).toHaveLength(2);
    await libvirt.restart();
    expect(await qemus(host)).toEqual(ids);
    expect(await network(host)).toBe(state);
    expect(await pings("dns1", "198.51.100.1")).toBe(true);
  });

  test("after virsh destroy nothing of the guests remains", async () => {
    for (const name of ["dns1", "web6"])
      expect(await libvirt.virsh("destroy", name)).toMatchObject({ code: 0 });
    expect(await network(host)).toBe(before);
  });

  test("a guest starts again after QEMU was killed", async () => {
    expect(await libvirt.virsh("start", "web6")).toMatchObject({ code: 0 });
    const [pid = ""] = await qemus(host);
    await host.sh(
      `kill -9 ${pid}; for i in $(seq 100); do ip link show dev web6-0 2>/dev/null || exit 0; sleep 0.1; done; exit 1`,
    );
    expect(await network(host)).toBe(before);
    expect(await libvirt.virsh("start", "web6")).toMatchObject({ code: 0 });
    expect(await libvirt.virsh("destroy", "web6")).toMatchObject({ code: 0 });
  });
});
