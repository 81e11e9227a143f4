import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { describeInLab } from "../lab/describe-in-lab.ts";
import type { Guest, Machine } from "../lab/lab.ts";
import { capture } from "./stage/traffic/capture.ts";
import { arp, ethernet } from "./stage/traffic/frame.ts";
import {
  advertisement,
  redirect,
  routerAdvertisement,
  solicitation,
} from "./stage/traffic/neighbour-frame.ts";
import { answers, reaches } from "./stage/traffic/ping.ts";
import { launchConfigured } from "./stage/guest/routed-guest.ts";
import { openRoutedHost, type RoutedHost } from "./stage/host/routed-host.ts";
import { sendFrames } from "./stage/traffic/send-frames.ts";

const NEEDS = ["nft-inet", "libvirt"] as const;

const MAC = "52:54:00:00:00:01";
const LINK_LOCAL = "fe80::5054:ff:fe00:1";
const OWN = { ipv4: "192.0.2.1", ipv6: "2001:db8::1" };
const OTHER = { ipv4: "192.0.2.2", ipv6: "2001:db8::2" };
const ALL_NODES = { to: "ff02::1", mac: "33:33:00:00:00:01" };

const hex = (mac: string): string => mac.replaceAll(":", "");

interface Host {
  readonly ipv4: string;
  readonly ipv6: string;
}
/** Where the guests are known from: a network between host and upstream, or one that all of them are in. */
const places = {
  "routed to the host": {
    proxied: {},
    network: undefined,
    hostAt: { ipv4: "198.51.100.2", ipv6: "2001:db8:ff::2" },
    upstreamAt: { ipv4: "198.51.100.1", ipv6: "2001:db8:ff::1" },
  },
  "on link with upstream, by proxy": {
    proxied: { proxy: ["up0"] },
    network: {
      onHost:
        "sysctl -qw net.ipv6.conf.all.proxy_ndp=1; ip addr add 192.0.2.200/24 dev up0; ip addr add 2001:db8::200/64 dev up0 nodad",
      upstream: "ip addr add 192.0.2.254/24 dev eth0; ip addr add 2001:db8::254/64 dev eth0 nodad",
    },
    hostAt: { ipv4: "192.0.2.200", ipv6: "2001:db8::200" },
    upstreamAt: { ipv4: "192.0.2.254", ipv6: "2001:db8::254" },
  },
} as const;

/** What a guest says to have somebody else's IPv6 address, to all and to the host alone. */
const forgedDiscovery = (taken: string, host: Host, tap: string): readonly (readonly number[])[] => {
  const toAll = (from: string) => ({ from, to: ALL_NODES.to });
  const toHost = (from: string) => ({ from, to: "fe80::1" });
  return [
    ...[LINK_LOCAL, OWN.ipv6, taken].flatMap((from) => [
      ethernet(MAC, advertisement(toAll(from), taken, MAC, false), ALL_NODES.mac),
      ethernet(MAC, advertisement(toHost(from), taken, MAC, true), tap),
      ethernet(MAC, routerAdvertisement(toAll(from), MAC), ALL_NODES.mac),
      ethernet(MAC, redirect({ from, to: host.ipv6 }, taken, LINK_LOCAL, MAC), tap),
    ]),
    ethernet(MAC, solicitation(toHost(taken), "fe80::1", MAC), tap),
    ethernet(MAC, solicitation(toAll("::"), taken, MAC), ALL_NODES.mac),
    ethernet(MAC, solicitation(toAll(LINK_LOCAL), taken, MAC), ALL_NODES.mac),
  ];
};

/** The same in ARP: announcements, answers that nobody asked for, and questions in another's name. */
const forgedArp = (taken: string, tap: string): readonly (readonly number[])[] => [
  ...([1, 2] as const).map((operation) => ethernet(MAC, arp(operation, MAC, taken, taken))),
  ...([1, 2] as const).map((operation) => ethernet(MAC, arp(operation, MAC, taken, "169.254.0.1"), tap)),
  ethernet(MAC, arp(1, MAC, OWN.ipv4, taken)),
];

describe.each(Object.entries(places))("%s", (_, { proxied, network, hostAt, upstreamAt }) => {
  describeInLab("a guest that lies in neighbour discovery and ARP", NEEDS, () => {
    let on: RoutedHost;
    let host: Machine;
    let liar: Guest;
    let tap: string;

    beforeAll(async () => {
      on = await openRoutedHost(NEEDS, network);
      ({ host } = on);
      const routed = { type: "routed", ...proxied };
      const liarAt = { addresses: [OWN.ipv6, OWN.ipv4], mac: MAC };
      await launchConfigured(on.libvirt, "liar", [{ ...routed, ...liarAt }]);
      await launchConfigured(on.libvirt, "other", [{ ...routed, addresses: [OTHER.ipv6, OTHER.ipv4] }]);
      liar = on.libvirt.guest("liar");
      tap = (await host.sh("cat /sys/class/net/liar-0/address")).trim();
    });
    afterAll(async () => {
      await on.lab.close();
    });

    /** Who has which address, for the host and for whoever else could have heard a lie; and the host's own addresses and ways. */
    const known = async (): Promise<string> => {
      const ofHost = `
        ip neigh show | grep -v 'dev liar-0' | sort; ip neigh show dev liar-0 | cut -d' ' -f1 | sort
        ip -br address; ip route show table all; ip -6 route show table all; ip route show cache; ip -6 route show cache`;
      return [
        await host.sh(ofHost),
        await on.upstream.sh("ip neigh show | cut -d' ' -f 1-5 | sort; ip -6 route"),
        (await on.libvirt.guest("other").sh("ip neigh | cut -d' ' -f 1-5 | sort; ip -6 route")).stdout,
      ].join("--\n");
    };

    const lies = () =>
      [OTHER, upstreamAt, hostAt].flatMap(({ ipv4, ipv6 }) => [
        ...forgedDiscovery(ipv6, hostAt, tap),
        ...forgedArp(ipv4, tap),
      ]);

    /** All neighbour discovery and ARP that passes a device of the host, in hexadecimal. Each lie has the liar's MAC address in it. */
    const hexHeard = async (device: string, during: () => Promise<unknown>): Promise<string> => {
      const lines = await capture(host, device, "-xx arp or icmp6", during);
      return lines.map((line) => /^\s+0x\w+: +(.*)$/.exec(line)?.[1]?.replaceAll(" ", "") ?? "\n").join("");
    };

    /** Whether everybody is where they should be. */
    const everybodyAnswers = async (): Promise<void> => {
      for (const to of [...Object.values(OWN), ...Object.values(OTHER)])
        expect([to, await answers(on.upstream, to), await answers(host, to)]).toEqual([to, true, true]);
      for (const to of [...Object.values(upstreamAt), ...Object.values(OTHER)])
        expect([to, await reaches(liar, to)]).toEqual([to, true]);
    };

    test.each(["stale", "permanent"])("changes nothing that was known, be it %s", async (nud) => {
      await everybodyAnswers();
      await host.sh(`
        ip neigh show | awk '$3 != "liar-0" && $4 == "lladdr" { print "neigh replace", $1, "dev", $3, "lladdr", $5, "nud ${nud}" }' |
          ip -batch -`);
      const before = await known();
      const heard = await hexHeard("up0", async () => {
        expect(await hexHeard("other-0", () => sendFrames(liar, "eth0", lies()))).not.toContain(hex(MAC));
      });
      expect(heard).not.toContain(hex(MAC));
      expect(await known()).toBe(before);
      await everybodyAnswers();
    });

    test("changes nothing for another guest that it sends the lie to, as a packet that the host forwards", async () => {
      const before = await known();
      const lie = advertisement({ from: OWN.ipv6, to: OTHER.ipv6 }, "fe80::1", MAC, true);
      const heard = await hexHeard("other-0", () => sendFrames(liar, "eth0", [ethernet(MAC, lie, tap)]));
      // It is there, and its hop limit is no longer 255, by which the other guest knows that it is a lie (RFC 4861, 7.1.2).
      expect(heard).toContain(hex(MAC));
      expect(heard).toMatch(/86dd6000000000203afe20010db8/);
      expect(await known()).toBe(before);
      await everybodyAnswers();
    });

    test("would be believed, were its tap not what it is", async () => {
      const redirects = async (): Promise<number> =>
        Number(/Icmp6InRedirects\s+(\d+)/.exec(await host.sh("cat /proc/net/snmp6"))?.[1]);
      const before = await redirects();
      await host.sh(
        "nft delete table inet guestnet; sysctl -qw net.ipv6.conf.liar-0.accept_ra=2 net.ipv4.conf.liar-0.arp_filter=0",
      );
      await sendFrames(liar, "eth0", lies());
      const neighbours = await host.sh("ip neigh show dev liar-0");
      for (const taken of [OTHER, upstreamAt].flatMap(({ ipv4, ipv6 }) => [ipv4, ipv6]))
        expect(neighbours).toContain(`${taken} lladdr ${MAC}`);
      expect(await host.sh("ip -6 route show dev liar-0 proto kernel")).toContain("2001:db8:bad::/64");
      expect(await redirects()).toBeGreaterThan(before);
      const own = advertisement({ from: OWN.ipv6, to: "fe80::1" }, OWN.ipv6, "52:54:00:66:66:66", true);
      await sendFrames(liar, "eth0", [ethernet(MAC, own, tap)]);
      expect(await host.sh("ip -6 neigh show dev liar-0")).toContain(`${OWN.ipv6} lladdr 52:54:00:66:66:66`);
    });
  });
});
