import { describe, expect, test } from "@jest/globals";
import { asList, membersOf, type JsonObject } from "../../src/values/json.ts";
import type { End, Check } from "../../src/trace/hop.ts";
import type { GuestParty, Party } from "../../src/trace/party.ts";
import type { HostOutputs } from "../../src/trace/observed/observed-host.ts";
import { resultOf } from "../../src/trace/trace.ts";
import { address, guestOn, HEALTHY, traced } from "./recorded.ts";

type Change = (raw: HostOutputs) => HostOutputs;

const named = (document: unknown, name: string): boolean => membersOf(document)["ifname"] === name;

/** Changes a device of the recording. */
const link =
  (name: string, change: (link: JsonObject) => JsonObject): Change =>
  (raw) => ({ ...raw, links: raw.links.map((one) => (named(one, name) ? change(membersOf(one)) : one)) });

const inSlave = (json: JsonObject, more: object): JsonObject => {
  const info = membersOf(json["linkinfo"]);
  return {
    ...json,
    linkinfo: { ...info, info_slave_data: { ...membersOf(info["info_slave_data"]), ...more } },
  };
};

/** g12 has been heard: otherwise the recording's g12 has not. */
const heard = link("g12-0", (json) => ({ ...json, stats64: { rx: { packets: 9 } } }));

const vlansOf =
  (port: string, vlans: readonly object[]): Change =>
  (raw) => ({ ...raw, vlans: raw.vlans.map((one) => (named(one, port) ? { ifname: port, vlans } : one)) });

const settings =
  (more: HostOutputs["settings"]): Change =>
  (raw) => ({ ...raw, settings: { ...raw.settings, ...more } });

const lookups =
  (more: HostOutputs["lookups"]): Change =>
  (raw) => ({ ...raw, lookups: { ...raw.lookups, ...more } });

/** Changes what is in nftables. */
const items =
  (change: (items: readonly unknown[]) => readonly unknown[]): Change =>
  (raw) => ({ ...raw, ruleset: { nftables: change(asList(membersOf(raw.ruleset)["nftables"])) } });

const elements =
  (set: string, change: (elements: readonly unknown[]) => readonly unknown[]): Change =>
  (raw) =>
    items((all) =>
      all.map((item) => {
        const json = membersOf(membersOf(item)["set"]);
        return json["name"] === set ? { set: { ...json, elem: change(asList(json["elem"])) } } : item;
      }),
    )(raw);

const forwardDrop = (expr: readonly object[], policy: string): Change =>
  items((all) => [
    ...all,
    {
      chain: {
        ...{ family: "ip", table: "filter", name: "FORWARD", handle: 1 },
        ...{ type: "filter", hook: "forward", prio: 0, policy },
      },
    },
    ...(expr.length === 0
      ? []
      : [{ rule: { family: "ip", table: "filter", chain: "FORWARD", handle: 7, expr } }]),
  ]);

const ROUTE = { type: "1", table: "254", flags: [] };
const OUT = "route get 198.51.100.1 from 192.0.2.11 iif g11-1";
const BACK = "route get 192.0.2.11 from 198.51.100.1 iif up1";

interface Case {
  readonly name: string;
  readonly change: Change;
  readonly from?: (raw: HostOutputs) => GuestParty;
  readonly to: (raw: HostOutputs) => Party;
  readonly leg: "there" | "back";
  readonly hop: Check["kind"];
  readonly at: string;
  readonly end: End["kind"];
}

const gateway = (): Party => ({ kind: "outside", address: address("10.20.0.1") });
const upstream = (): Party => ({ kind: "outside", address: address("198.51.100.1") });
const bridged = (raw: HostOutputs): GuestParty => guestOn("g11", 0, raw);
const neighbour = (raw: HostOutputs): GuestParty => guestOn("g12", 0, raw);
const routed = (raw: HostOutputs): GuestParty => guestOn("g11", 1, raw);
const inVrf = (raw: HostOutputs): GuestParty => guestOn("g11", 2, raw);
const flags = (without: string) => (json: JsonObject) => ({
  ...json,
  flags: asList(json["flags"]).filter((flag) => flag !== without),
});

const CASES: readonly Case[] = [
  {
    name: "VLAN missing on the uplink",
    ...{ change: vlansOf("up0", [{ vlan: 30 }]), from: bridged, to: gateway },
    ...{ leg: "there", hop: "egress", at: "up0", end: "not-a-member" },
  },
  {
    name: "PVID wrong",
    change: vlansOf("g11-0", [
      { vlan: 20, flags: ["Egress Untagged"] },
      { vlan: 30, flags: ["PVID", "Egress Untagged"] },
    ]),
    ...{ from: bridged, to: gateway },
    ...{ leg: "there", hop: "ingress", at: "g11-0", end: "other-pvid" },
  },
  {
    name: "FDB entry gone",
    change: (raw) => ({ ...raw, fdb: raw.fdb.filter((one) => membersOf(one)["state"] !== "static") }),
    ...{ from: bridged, to: gateway },
    ...{ leg: "there", hop: "lock", at: "g11-0", end: "no-entry" },
  },
  {
    name: "guard without the address",
    change: elements("ipv4-sources", (all) => all.slice(1)),
    ...{ from: bridged, to: gateway },
    ...{ leg: "there", hop: "guard", at: "g11-0", end: "dropped" },
  },
  {
    name: "DROP in FORWARD",
    ...{ change: forwardDrop([], "drop"), from: routed, to: upstream },
    ...{ leg: "there", hop: "filter", at: "forward", end: "dropped" },
  },
  {
    name: "br_netfilter with a drop",
    change: (raw) =>
      settings({ "net/bridge/bridge-nf-call-iptables": "1" })(
        forwardDrop(
          [{ match: { op: "==", left: { meta: { key: "iifname" } }, right: "br0" } }, { drop: null }],
          "accept",
        )(heard(raw)),
      ),
    ...{ from: bridged, to: neighbour },
    ...{ leg: "there", hop: "filter", at: "bridged forward", end: "dropped" },
  },
  {
    name: "rp_filter strict",
    change: (raw) =>
      settings({ "net/ipv4/conf/up1/rp_filter": "1" })(
        lookups({
          [BACK]: "Invalid argument",
          [OUT]: [{ ...ROUTE, dst: "198.51.100.1", dev: "up0" }],
        })(raw),
      ),
    ...{ from: routed, to: upstream },
    ...{ leg: "back", hop: "reverse-path", at: "up1", end: "unreachable-back" },
  },
  {
    name: "route to the wrong tap",
    change: (raw) => ({
      ...raw,
      covering: { "192.0.2.11": [{ ...ROUTE, dst: "192.0.2.11", dev: "g12-1" }] },
    }),
    ...{ from: routed, to: upstream },
    ...{ leg: "there", hop: "own-route", at: "g11-1", end: "elsewhere" },
  },
  {
    name: "VRF without rule",
    change: (raw) => ({ ...raw, rules: raw.rules.filter((one) => !("l3mdev" in membersOf(one))) }),
    ...{ from: inVrf, to: upstream },
    ...{ leg: "there", hop: "table", at: "g11-2", end: "no-rule" },
  },
  {
    name: "forwarding off",
    change: settings({ "net/ipv4/ip_forward": "0" }),
    ...{ from: routed, to: upstream },
    ...{ leg: "there", hop: "forwarding", at: "g11-1", end: "off" },
  },
  {
    name: "MTU 1400 on the uplink",
    change: link("up0", (json) => ({ ...json, mtu: 1400 })),
    ...{ from: bridged, to: gateway },
    ...{ leg: "there", hop: "mtu", at: "up0", end: "too-big" },
  },
  {
    name: "neighbour failed",
    change: (raw) => ({ ...raw, neighbours: [{ dst: "192.0.2.11", dev: "g11-1", state: ["FAILED"] }] }),
    ...{ from: routed, to: upstream },
    ...{ leg: "back", hop: "neighbour", at: "g11-1", end: "failed" },
  },
  {
    name: "stolen VLAN",
    change: (raw) => ({
      ...raw,
      links: [
        ...raw.links,
        {
          ...{ ifname: "up0.20", link: "up0", flags: ["UP"] },
          linkinfo: { info_kind: "vlan", info_data: { id: 20 } },
        },
      ],
    }),
    ...{ from: bridged, to: gateway },
    ...{ leg: "back", hop: "vlan-device", at: "up0", end: "stolen" },
  },
  {
    name: "tap down",
    change: link("g11-0", flags("UP")),
    ...{ from: bridged, to: gateway },
    ...{ leg: "there", hop: "tap", at: "g11-0", end: "down" },
  },
  {
    name: "guest silent",
    change: (raw) => raw,
    ...{ from: neighbour, to: gateway },
    ...{ leg: "there", hop: "tap", at: "g12-0", end: "silent" },
  },
  {
    name: "isolated pair",
    change: (raw) =>
      ["g11-0", "g12-0"].reduce(
        (one, dev) => link(dev, (json) => inSlave(json, { isolated: true }))(one),
        heard(raw),
      ),
    ...{ from: bridged, to: neighbour },
    ...{ leg: "there", hop: "isolation", at: "g12-0", end: "isolated" },
  },
  {
    name: "asymmetric return",
    change: lookups({ [BACK]: [{ ...ROUTE, dst: "192.0.2.11", dev: "up2" }] }),
    ...{ from: routed, to: upstream },
    ...{ leg: "back", hop: "route", at: "up2", end: "elsewhere" },
  },
  {
    name: "proxy missing",
    change: (raw) => ({ ...raw, proxies: [] }),
    ...{ from: routed, to: upstream },
    ...{ leg: "back", hop: "proxy", at: "up1", end: "missing" },
  },
  {
    name: "uplink down",
    change: link("up0", flags("LOWER_UP")),
    ...{ from: bridged, to: gateway },
    ...{ leg: "there", hop: "link", at: "up0", end: "no-carrier" },
  },
  {
    name: "other guest with the address",
    change: elements("ipv4-sources", (all) => [...all, { concat: ["g12-0", "10.20.0.11"] }]),
    ...{ from: bridged, to: gateway },
    ...{ leg: "there", hop: "guest", at: "g11", end: "duplicate" },
  },
];

const placeIn = (check: Check): string | null => {
  if (check.kind === "guest") return check.guest;
  if (check.kind === "filter") return check.hook;
  if (check.kind === "isolation") return check.to;
  return "dev" in check ? check.dev : null;
};

test.each([
  ["from a bridge to the gateway", bridged, gateway],
  ["from a routed tap to upstream", routed, upstream],
  ["from guest to guest", bridged, neighbour],
  ["from outside to a routed guest", upstream, routed],
  ["from outside to a guest on a bridge", gateway, bridged],
])("all is well %s", (_, from, to) => {
  const raw = heard(HEALTHY);
  const hops = traced(from(raw), to(raw));
  expect(hops.filter(({ verdict }) => verdict.kind !== "passes")).toEqual([]);
  expect(resultOf(hops)).toBe(0);
  expect(new Set(hops.map(({ leg }) => leg))).toEqual(new Set(["there", "back"]));
});

describe("each break ends the packet at its hop", () => {
  test.each(CASES)("$name", ({ change, from = routed, to, leg, hop, at, end }) => {
    const raw = change(HEALTHY);
    const hops = traced(from(raw), to(raw));
    const last = hops.at(-1);
    expect({
      ...{ leg: last?.leg, hop: last?.check.kind, at: last === undefined ? null : placeIn(last.check) },
      end: last?.verdict.kind === "ends" ? last.verdict.end.kind : null,
    }).toEqual({ leg, hop, at, end });
    expect(resultOf(hops)).toBe(2);
  });
});

test("a route that the kernel refuses without saying why is not guessed", () => {
  const raw = lookups({ [OUT]: "Invalid argument" })(HEALTHY);
  expect(traced(routed(raw), upstream()).at(-1)?.verdict).toEqual({
    kind: "ends",
    end: { kind: "refused", error: "Invalid argument" },
  });
});

test("a paused guest, and one whose link is down in libvirt, are named first", () => {
  const at = (more: Partial<GuestParty>) => traced(guestOn("g11", 0, HEALTHY, more), gateway())[0]?.verdict;
  expect(at({ paused: true })).toMatchObject({ end: { kind: "paused" } });
  expect(at({ plugged: false })).toMatchObject({ end: { kind: "unplugged" } });
});

test("a packet that is small enough passes an uplink with a small MTU", () => {
  const raw = link("up0", (json) => ({ ...json, mtu: 1400 }))(HEALTHY);
  expect(resultOf(traced(bridged(raw), gateway(), { size: 1400 }))).toBe(0);
});
