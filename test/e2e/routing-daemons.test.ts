import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { describeInLab } from "../lab/describe-in-lab.ts";
import type { Lab, Libvirt, Machine } from "../lab/lab.ts";
import { launch } from "./stage/host/host.ts";
import { configured } from "./stage/guest/guest-side.ts";
import { answers } from "./stage/traffic/ping.ts";
import { expectConfigured } from "./stage/guest/routed-guest.ts";
import { HOST_ADDRESSES, openRoutedHost, UPSTREAM_ADDRESSES } from "./stage/host/routed-host.ts";
import { ROUTING_DAEMONS, startRouting } from "./stage/hosts/routing.ts";
import { becomes, until } from "./stage/until.ts";

const NEEDS = ["nft-inet", "libvirt"] as const;
const ADDRESSES = ["2001:db8:0:1::53", "192.0.2.53"];
const GUEST = [{ type: "routed", addresses: ADDRESSES, prefixes: ["2001:db8:0:53::/64"] }];
const OWN_USE = "ip addr add 2001:db8:0:53::1/128 dev lo";

/** The router upstream: it takes what hosts announce, and gives them a default route. */
const ROUTER = `
router id 198.51.100.1;
protocol device { scan time 1; }
protocol kernel { ipv4 { export filter { if source = RTS_BGP then accept; reject; }; }; }
protocol kernel { ipv6 { export filter { if source = RTS_BGP then accept; reject; }; }; }
protocol static { ipv4; route 0.0.0.0/0 unreachable; }
protocol static { ipv6; route ::/0 unreachable; }
protocol bgp { local as 64511; neighbor 198.51.100.2 as 64512; connect delay time 1; connect retry time 2; ipv4 { import all; export where source = RTS_STATIC; }; }
protocol bgp { local as 64511; neighbor 2001:db8:ff::2 as 64512; connect delay time 1; connect retry time 2; ipv6 { import all; export where source = RTS_STATIC; }; }
`;

describe.each(ROUTING_DAEMONS)("%s with the shipped configuration", (daemon) => {
  describeInLab("announces guests", NEEDS, () => {
    let lab: Lab;
    let host: Machine;
    let router: Machine;
    let libvirt: Libvirt;

    /** Waits until the router's routes to guests are these. */
    const routesAre = async (expected: readonly string[]): Promise<void> => {
      const list = "{ ip route show proto bird; ip -6 route show proto bird; } | sed 's/ dev .*//' | sort";
      await becomes(async () => (await router.sh(list)).split("\n").filter((line) => line !== ""), expected);
    };

    beforeAll(async () => {
      const onHost = `${HOST_ADDRESSES}
        ip route add 203.0.113.0/24 via 198.51.100.77; ip -6 route add 2001:db8:77::/48 via 2001:db8:ff::77`;
      const network = { onHost, upstream: UPSTREAM_ADDRESSES };
      ({ lab, host, upstream: router, libvirt } = await openRoutedHost(NEEDS, network));
      await router.writeFile("/etc/bird/router.conf", ROUTER);
      await router.sh("mkdir -p /run/bird; bird -c /etc/bird/router.conf");
      await startRouting(host, daemon);
    });
    afterAll(async () => {
      await lab.close();
    });

    test("nothing of the host's own before there is one, and the default route comes in", async () => {
      await until(host, "ip -6 route show default | grep . && ip route show default | grep .");
      await routesAre([]);
    });

    test("a started guest is reached through the router", async () => {
      await launch(libvirt, "dns1", configured("dns1", GUEST, OWN_USE));
      await routesAre([
        "192.0.2.53 via 198.51.100.2",
        "2001:db8:0:1::53 via 2001:db8:ff::2",
        "2001:db8:0:53::/64 via 2001:db8:ff::2",
      ]);
      await expectConfigured(libvirt.guest("dns1"));
      for (const to of [...ADDRESSES, "2001:db8:0:53::1"])
        expect([to, await answers(router, to)]).toEqual([to, true]);
    });

    test("a destroyed guest is withdrawn", async () => {
      expect(await libvirt.virsh("destroy", "dns1")).toMatchObject({ code: 0 });
      await routesAre([]);
    });
  });
});
