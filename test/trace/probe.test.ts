import { expect, test } from "@jest/globals";
import type { Ran } from "../../src/kernel/host.ts";
import { watchedBy, wereLost } from "../../src/trace/probe/last-seen.ts";
import { captureFilter, type Match, matchOf } from "../../src/trace/probe/match.ts";
import { readDrops, tracingInput } from "../../src/trace/probe/nft-trace.ts";
import { type Point, pointsOf } from "../../src/trace/probe/point.ts";
import { probeHost } from "../../src/trace/probe/probe.ts";
import { wholeWay } from "../../src/trace/trace.ts";
import type { Mac } from "../../src/values/mac.ts";
import { address, guestOn, HEALTHY, packetBetween } from "./recorded.ts";

const outside = { kind: "outside", address: address("198.51.100.1") } as const;
const routed = guestOn("g11", 1, HEALTHY);
const echo: Match = {
  packet: packetBetween(routed, outside),
  macs: { source: [routed.nic.mac], destination: [] },
};
const https: Match = { ...echo, packet: { ...echo.packet, protocol: { name: "tcp", port: 443 } } };
const unknownSource: Match = {
  packet: { ...echo.packet, source: null },
  macs: { source: ["52:54:00:00:00:01" as Mac, "00:00:5e:00:01:01" as Mac], destination: [] },
};
const six: Match = {
  ...echo,
  packet: packetBetween({ ...routed, address: address("2001:db8:1::11") }, outside, {
    family: "ipv6",
    destination: address("2001:db8:ff::1"),
  }),
};

/** The filter without a tag. */
const untagged = (match: Match): string => captureFilter(match).split(" or (vlan and ")[0] ?? "";

test("a packet is counted at each device of its way, and the answer on the way back", () => {
  const points = pointsOf(wholeWay(routed, outside, echo.packet));
  expect(points.map(({ leg, host, dev }) => [leg, host, dev])).toEqual([
    ["there", "h1", "g11-1"],
    ["there", "h1", "up1"],
    ["back", "h1", "up1"],
    ["back", "h1", "g11-1"],
  ]);
});

test("points are there behind the hop where the trace ends, too", () => {
  const raw = { ...HEALTHY, settings: { ...HEALTHY.settings, "net/ipv4/ip_forward": "0" } };
  const guest = guestOn("g11", 1, raw);
  expect(pointsOf(wholeWay(guest, outside, packetBetween(guest, outside)))).toHaveLength(4);
});

test.each([
  [
    "an echo request",
    echo,
    "there",
    "(ip and src host 192.0.2.11 and dst host 198.51.100.1 and icmp[icmptype] == icmp-echo)",
  ],
  [
    "its answer",
    echo,
    "back",
    "(ip and src host 198.51.100.1 and dst host 192.0.2.11 and icmp[icmptype] == icmp-echoreply)",
  ],
  [
    "a connection",
    https,
    "there",
    "(ip and src host 192.0.2.11 and dst host 198.51.100.1 and tcp dst port 443)",
  ],
  [
    "its answer",
    https,
    "back",
    "(ip and src host 198.51.100.1 and dst host 192.0.2.11 and tcp src port 443)",
  ],
  [
    "an unknown address",
    unknownSource,
    "there",
    "(ip and (ether src 52:54:00:00:00:01 or ether src 00:00:5e:00:01:01) and dst host 198.51.100.1 and icmp[icmptype] == icmp-echo)",
  ],
  [
    "IPv6",
    six,
    "there",
    "(ip6 and src host 2001:db8:1::11 and dst host 2001:db8:ff::1 and ip6[6] == 58 and ip6[40] == 128)",
  ],
] as const)("tcpdump looks for %s, with a tag and without", (_, match, leg, filter) => {
  const wanted = matchOf(leg, match);
  expect(untagged(wanted)).toBe(filter);
  expect(captureFilter(wanted)).toBe(`${filter} or (vlan and ${filter.slice(1)}`);
});

test("nft marks both directions in tables that end with it", () => {
  const lines = tracingInput("t", https).split("\n");
  expect(lines).toEqual(
    expect.arrayContaining([
      "add table inet t { flags owner; }",
      "add table bridge t { flags owner; }",
      "add rule inet t prerouting ip saddr 192.0.2.11 ip daddr 198.51.100.1 tcp dport 443 meta nftrace set 1",
      "add rule bridge t prerouting ip saddr 198.51.100.1 ip daddr 192.0.2.11 tcp sport 443 meta nftrace set 1",
    ]),
  );
  expect(lines.at(-2)).toBe("monitor trace");
});

test("without any address, no table of the IP families is made", () => {
  const input = tracingInput("t", {
    ...unknownSource,
    packet: { ...unknownSource.packet, destination: null },
  });
  expect(input).not.toContain("inet");
  expect(input).toContain(
    "add rule bridge t prerouting ether saddr { 52:54:00:00:00:01, 00:00:5e:00:01:01 } icmp type echo-request",
  );
});

/** Printed by nft 1.0.6. */
const EVENTS = `trace id 598de4b8 inet t prerouting packet: iif "g11-1" ip saddr 192.0.2.11 ip daddr 198.51.100.1 ip ttl 64 icmp type echo-request
trace id 598de4b8 inet t prerouting rule ip saddr 192.0.2.11 ip daddr 198.51.100.1 icmp type echo-request meta nftrace set 1 (verdict continue)
trace id 598de4b8 inet t prerouting policy accept
trace id b1b961b8 ip filter FORWARD packet: iif "g11-1" oif "up1" ip saddr 192.0.2.11 ip daddr 198.51.100.1 ip ttl 63
trace id b1b961b8 ip filter FORWARD policy drop
nft> trace id b1b961b9 ip filter FORWARD packet: iif "g11-1" oif "up1" ip saddr 192.0.2.11 ip daddr 198.51.100.1 ip ttl 63
trace id b1b961b9 ip filter FORWARD policy drop
trace id 77 inet wall in packet: iif "up1" ip saddr 198.51.100.1 ip daddr 192.0.2.11 ip ttl 63
trace id 77 inet wall in rule counter packets 0 bytes 0 drop (verdict drop)
`;

test("what dropped packets is read with its direction, and counted", () => {
  expect(readDrops(EVENTS, echo, "h1")).toEqual([
    { leg: "there", host: "h1", chain: "ip filter FORWARD", rule: null, packets: 2 },
    { leg: "back", host: "h1", chain: "inet wall in", rule: "counter packets 0 bytes 0 drop", packets: 1 },
  ]);
});

const POINTS: readonly Point[] = [
  { leg: "there", host: "h1", dev: "g11-1" },
  { leg: "back", host: "h1", dev: "g11-1" },
];
const links = (packets: number): Ran => ({
  code: 0,
  stdout: JSON.stringify([
    { ifname: "g11-1", stats64: { rx: { packets, dropped: 0 }, tx: { packets: 0, dropped: 0 } } },
  ]),
  stderr: "",
});

/** A host that answers with what its programs print. */
const probed = async (tcpdump: Ran, nft: Ran) => {
  const counters = [links(3), links(8)];
  const findings = await probeHost(
    { host: "h1", points: POINTS, match: echo, seconds: 5, table: "t" },
    (file, args) =>
      Promise.resolve(file === "ip" ? (counters.shift() ?? links(0)) : args[1] === "nft" ? nft : tcpdump),
  );
  return watchedBy(5, POINTS, [findings]);
};
const CAPTURED: Ran = {
  code: 124,
  stdout: "",
  stderr: "listening on g11-1\n1 packet captured\n1 packet received by filter\n",
};
const TRACED: Ran = { code: 124, stdout: "", stderr: "" };
const MISSING: Ran = { code: 127, stdout: "", stderr: "timeout: failed to run command" };

test("a packet that was seen at all points came all the way", async () => {
  const watched = await probed(CAPTURED, TRACED);
  expect(watched).toMatchObject({ complete: true, missing: [], lastSeen: { leg: "back", dev: "g11-1" } });
  expect(watched.counted[0]).toMatchObject({ packets: 1, frames: 5, dropped: 0 });
  expect(wereLost(watched)).toBe(false);
});

test("without tcpdump, frames of all kinds count, and both programs are said to be missing", async () => {
  const watched = await probed(MISSING, MISSING);
  expect(watched.missing).toEqual(["tcpdump is not installed on h1", "nft is not installed on h1"]);
  expect(watched.counted.map(({ packets }) => packets)).toEqual([null, null]);
  expect(watched.lastSeen).toEqual({ leg: "back", host: "h1", dev: "g11-1" });
});

test("where no packet was seen, none was lost", async () => {
  const watched = await probed({ ...CAPTURED, stderr: "0 packets captured\n" }, TRACED);
  expect(watched).toMatchObject({ complete: false, lastSeen: null });
  expect(wereLost(watched)).toBe(false);
});

test("an nft that cannot trace is said, with its error", async () => {
  const { missing } = await probed(CAPTURED, {
    ...TRACED,
    stderr: "Error: Could not process rule: Operation not supported\n",
  });
  expect(missing).toEqual(["nft on h1: Error: Could not process rule: Operation not supported"]);
});
