import { describe, expect, test } from "@jest/globals";
import { membersOf } from "../../src/values/json.ts";
import type { GuestParty, Party } from "../../src/trace/party.ts";
import { traceQuestions } from "../../src/trace/questions.ts";
import { lookupLine } from "../../src/trace/observed/route.ts";
import { type HostOutputs, toObservedHost } from "../../src/trace/observed/observed-host.ts";
import { resultOf } from "../../src/trace/trace.ts";
import { address, guestOn, HEALTHY, traced } from "./recorded.ts";

const UPSTREAM = "198.51.100.1";
const GUEST = "10.20.0.11";

const ROUTE = { type: "1", table: "254", flags: [] };

/** The recorded host with the gateway of VLAN 20 on the bridge, and no uplink in the VLAN. */
const GATEWAY: HostOutputs = {
  ...HEALTHY,
  links: [
    ...HEALTHY.links,
    {
      ...{ ifname: "br0.20", link: "br0", flags: ["UP", "LOWER_UP"], mtu: 1500 },
      linkinfo: { info_kind: "vlan", info_data: { id: 20 } },
    },
  ],
  vlans: [
    ...HEALTHY.vlans.filter((one) => membersOf(one)["ifname"] !== "up0"),
    { ifname: "br0", vlans: [{ vlan: 20 }] },
  ],
  addresses: [
    ...HEALTHY.addresses,
    { ifname: "br0.20", addr_info: [{ family: "inet", local: "10.20.0.1", prefixlen: 24 }] },
  ],
  settings: { ...HEALTHY.settings, "net/ipv4/conf/br0.20/forwarding": "1" },
  lookups: {
    ...HEALTHY.lookups,
    [`route get ${UPSTREAM} from ${GUEST} iif br0.20`]: [{ ...ROUTE, dst: UPSTREAM, dev: "up1" }],
    [`route get ${GUEST} from ${UPSTREAM} iif up1`]: [{ ...ROUTE, dst: GUEST, dev: "br0.20" }],
    [`route get fibmatch ${GUEST}`]: [{ ...ROUTE, dst: "10.20.0.0/24", dev: "br0.20" }],
  },
};

const guest = (raw: HostOutputs): GuestParty => guestOn("g11", 0, raw);
const outside = (to: string): Party => ({ kind: "outside", address: address(to) });

const ending = (raw: HostOutputs, to = UPSTREAM) => {
  const hops = traced(guest(raw), outside(to));
  const last = hops.at(-1);
  return {
    result: resultOf(hops),
    leg: last?.leg,
    hop: last?.check.kind,
    dev: last !== undefined && "dev" in last.check ? last.check.dev : null,
    end: last?.verdict.kind === "ends" ? last.verdict.end.kind : null,
  };
};

test("a guest whose host is its gateway reaches what the host reaches, and is reached from there", () => {
  const hops = traced(guest(GATEWAY), outside(UPSTREAM));
  expect(hops.filter(({ verdict }) => verdict.kind !== "passes")).toEqual([]);
  expect(resultOf(hops)).toBe(0);
  const devices = hops.flatMap(({ check }) => (check.kind === "route" ? [check.dev] : []));
  expect(devices).toEqual(["up1", "br0.20"]);
});

test("what is asked of the host is what that takes", () => {
  const { observed, ...unseen } = guest(GATEWAY);
  const asked = traceQuestions("ipv4", [{ guest: unseen, peer: address(UPSTREAM) }]);
  expect(asked.lookups.map(lookupLine)).toEqual([`route get fibmatch ${UPSTREAM}`]);
  expect(asked.next(observed).map(lookupLine)).toEqual([
    `route get ${UPSTREAM} from ${GUEST} iif br0.20`,
    `route get fibmatch ${GUEST}`,
    `route get ${GUEST} from ${UPSTREAM} iif up1`,
  ]);
  expect(asked.next(toObservedHost(HEALTHY))).toEqual([]);
});

describe("the host as gateway", () => {
  test.each<[string, HostOutputs, ReturnType<typeof ending>]>([
    [
      "is not in the VLAN",
      { ...GATEWAY, vlans: GATEWAY.vlans.filter((one) => membersOf(one)["ifname"] !== "br0") },
      { result: 2, leg: "there", hop: "egress", dev: "br0", end: "not-a-member" },
    ],
    [
      "forwards nothing",
      { ...GATEWAY, settings: { ...GATEWAY.settings, "net/ipv4/conf/br0.20/forwarding": "0" } },
      { result: 2, leg: "there", hop: "forwarding", dev: "br0.20", end: "off" },
    ],
    [
      "has no route",
      {
        ...GATEWAY,
        lookups: {
          ...GATEWAY.lookups,
          [`route get ${UPSTREAM} from ${GUEST} iif br0.20`]: "Network is unreachable",
        },
      },
      { result: 2, leg: "there", hop: "route", dev: null, end: "no-route" },
    ],
    [
      "routes the answer elsewhere",
      {
        ...GATEWAY,
        lookups: {
          ...GATEWAY.lookups,
          [`route get ${GUEST} from ${UPSTREAM} iif up1`]: [{ ...ROUTE, dst: GUEST, dev: "up2" }],
        },
      },
      { result: 2, leg: "back", hop: "route", dev: "up2", end: "elsewhere" },
    ],
    [
      "cannot find the guest",
      { ...GATEWAY, neighbours: [{ dst: GUEST, dev: "br0.20", state: ["FAILED"] }] },
      { result: 2, leg: "back", hop: "neighbour", dev: "br0.20", end: "failed" },
    ],
  ])("%s", (_, raw, expected) => {
    expect(ending(raw)).toEqual(expected);
  });

  test("is none for an address in the VLAN, which no uplink carries", () => {
    expect(ending(GATEWAY, "10.20.0.99")).toMatchObject({ hop: "egress", dev: "up0", end: "not-a-member" });
  });
});
