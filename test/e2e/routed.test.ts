import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { describeInLabOnEngines } from "../lab/describe-on-engines.ts";
import type { Machine } from "../lab/lab.ts";
import { capture } from "./stage/traffic/capture.ts";
import { launch, qemus } from "./stage/host/host.ts";
import { configured } from "./stage/guest/guest-side.ts";
import { network } from "./stage/host/network.ts";
import { answers, cannotReach, reaches, spoof } from "./stage/traffic/ping.ts";
import { expectConfigured } from "./stage/guest/routed-guest.ts";
import { openRoutedHost, type RoutedHost } from "./stage/host/routed-host.ts";
import { until } from "./stage/until.ts";

const NEEDS = ["nft-inet", "libvirt"] as const;
const DNS1 = {
  type: "routed",
  addresses: ["2001:db8:0:1::53", "192.0.2.53"],
  prefixes: ["2001:db8:53::/64"],
};
const WEB6 = { type: "routed", addresses: ["2001:db8:0:1::80"], antispoof: false };

describeInLabOnEngines("guests behind routed taps", NEEDS, (engine) => {
  let on: RoutedHost;
  let host: Machine;
  let upstream: Machine;
  let before: string;

  const pings = (from: string, to: string): Promise<boolean> => reaches(on.libvirt.guest(from), to);

  beforeAll(async () => {
    on = await openRoutedHost(NEEDS, { engine });
    ({ host, upstream } = on);
    before = await network(host);
    await launch(on.libvirt, "dns1", configured("dns1", [DNS1], "ip addr add 2001:db8:53::5/64 dev lo"));
    await launch(on.libvirt, "web6", configured("web6", [WEB6]));
    for (const name of ["dns1", "web6"]) await expectConfigured(on.libvirt.guest(name));
  });

  afterAll(async () => {
    await on.lab.close();
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
      expect([address, await answers(upstream, address)]).toEqual([address, true]);
    }
  });

  test("so do packets of 1400 bytes, in both directions, that may not be cut", async () => {
    for (const [own, other] of [
      ["192.0.2.53", "198.51.100.1"],
      ["2001:db8:0:1::53", "2001:db8:ff::1"],
    ] as const) {
      expect(await reaches(on.libvirt.guest("dns1"), other, "-s 1400")).toBe(true);
      expect(await answers(upstream, own, "-M do -s 1400")).toBe(true);
    }
  });

  test("the IPv6-only guest reaches upstream, and has nothing of IPv4 on the host", async () => {
    expect(await pings("web6", "2001:db8:ff::1")).toBe(true);
    expect(await answers(upstream, "2001:db8:0:1::80")).toBe(true);
    expect((await host.sh("ip -4 address show dev web6-0")).trim()).toBe("");
  });

  test("guests reach each other only through the host's routing", async () => {
    const [from, to] = ["2001:db8:0:1::53", "2001:db8:0:1::80"];
    expect(await pings("dns1", to)).toBe(true);
    // One hop lies between them, and it is the host.
    const { stdout } = await on.libvirt.guest("dns1").sh(`traceroute6 -n -q 1 -w 3 -m 4 ${to}`);
    const hops = [...stdout.matchAll(/^ *\d+ +(\S+)/gm)].map((match) => match[1]);
    expect(hops).toEqual([expect.not.stringMatching(/[*]|::80$/), to]);
    // Nothing on link: the other guest's tap never carries the question for its address.
    const heard = await capture(host, "web6-0", "icmp6 or arp", () =>
      on.libvirt
        .guest("dns1")
        .sh(`ip -6 route add ${to}/128 dev eth0; ping -c 1 -W 1 ${to}; ip -6 route del ${to}/128 dev eth0`),
    );
    expect(heard.filter((line) => line.includes(from))).toEqual([]);
    // And the host's policy decides.
    await host.sh(
      "nft 'table inet test { chain f { type filter hook forward priority 0; iifgroup 76 oifgroup 78 drop; }; }'",
    );
    expect(await cannotReach(on.libvirt.guest("dns1"), to)).toBe(true);
    expect(await pings("dns1", "2001:db8:ff::1")).toBe(true);
    await host.sh("nft delete table inet test");
  });

  test("a guest is heard only with its own addresses, unless it is to be trusted", async () => {
    const guest = on.libvirt.guest("dns1");
    const heard = await capture(upstream, "eth0", "icmp or icmp6", async () => {
      await spoof(guest, "192.0.2.99", "198.51.100.1");
      await spoof(guest, "2001:db8:0:1::80", "2001:db8:ff::1");
      await spoof(on.libvirt.guest("web6"), "2001:db8:0:1::99", "2001:db8:ff::1");
    });
    const senders = heard.flatMap((line) => / ([^ ]+) > [^ ]+: .*echo request/.exec(line)?.[1] ?? []);
    expect([...new Set(senders)]).toEqual(["2001:db8:0:1::99"]);
  });

  test("a restart of libvirtd changes nothing and kills nobody", async () => {
    const [ids, state] = [await qemus(host), await network(host)];
    expect(ids).toHaveLength(2);
    await on.libvirt.restart();
    expect(await qemus(host)).toEqual(ids);
    expect(await network(host)).toBe(state);
    expect(await pings("dns1", "198.51.100.1")).toBe(true);
  });

  test("after virsh destroy nothing of the guests remains", async () => {
    for (const name of ["dns1", "web6"])
      expect(await on.libvirt.virsh("destroy", name)).toMatchObject({ code: 0 });
    expect(await network(host)).toBe(before);
  });

  test("a guest starts again after QEMU was killed", async () => {
    expect(await on.libvirt.virsh("start", "web6")).toMatchObject({ code: 0 });
    const [pid = ""] = await qemus(host);
    await host.sh(`kill -9 ${pid}`);
    await until(host, "! ip link show dev web6-0 2>&1");
    expect(await network(host)).toBe(before);
    expect(await on.libvirt.virsh("start", "web6")).toMatchObject({ code: 0 });
    expect(await on.libvirt.virsh("destroy", "web6")).toMatchObject({ code: 0 });
  });
});
