import { expect, test } from "@jest/globals";
import { renderPrometheus } from "../../../src/commands/guestnet/status/prometheus.ts";
import { renderStatusCsv } from "../../../src/commands/guestnet/status/status-csv.ts";
import { renderStatusJson } from "../../../src/commands/guestnet/status/status-json.ts";
import { renderBytes, renderTable } from "../../../src/commands/guestnet/status/status-table.ts";
import type { HostStatus } from "../../../src/commands/guestnet/status/host-status.ts";
import { isGood } from "../../../src/commands/guestnet/status/host-status.ts";
import { toAsked } from "../../../src/kernel/observe/observe.ts";
import { survey, toDomains } from "../../../src/survey/survey.ts";
import { toCounters, toHeard } from "../../../src/survey/traffic.ts";
import { hostWith, start } from "../../support/life.ts";
import { domainOf, guest, xmlOf } from "../../support/profiles.ts";

const ACCESS = { type: "bridge", bridge: "br0", vlan: 20 };
const ROUTED = { type: "routed", addresses: ["192.0.2.1"] };
const written = guest(ACCESS, ROUTED);
const domain = domainOf(written);
const [bridgeMac = "", routedMac = ""] = domain.nics.map(({ mac }) => mac);
const BROKEN = xmlOf({ ...guest(ACCESS), name: "odd", uuid: "00000000-0000-5000-8000-000000000009" }).replace(
  'vlan="20"',
  'vlan="x"',
);
const OTHER = xmlOf({ ...guest({ ...ACCESS, vlan: 20 }), name: "plain" }).replace(
  /<metadata>.*<\/metadata>/s,
  "",
);

const status = async (breakIt: boolean, neighbour = "REACHABLE"): Promise<HostStatus> => {
  const kernel = hostWith();
  await start(domain, kernel);
  if (breakIt) kernel.devices.get("t-0")?.vlans.clear();
  const xmls = breakIt ? [xmlOf(written), BROKEN, OTHER] : [xmlOf(written)];
  return {
    survey: await survey(toDomains(xmls), toAsked(kernel)),
    traffic: {
      counters: toCounters([
        {
          ifname: "t-0",
          stats64: { rx: { packets: 3, bytes: 1536 }, tx: { packets: 9, bytes: 20, dropped: 1 } },
        },
        { ifname: "t-1", stats64: { rx: { packets: 1, bytes: 90 }, tx: { packets: 0, bytes: 0 } } },
      ]),
      heard: toHeard(
        [
          { dst: "192.0.2.1", dev: "t-1", lladdr: routedMac, state: [neighbour] },
          { dst: "192.0.2.9", dev: "t-1", lladdr: "52:54:00:66:66:66", state: ["STALE"] },
          { dst: "fe80::1", dev: "t-1", lladdr: "02:00:00:00:00:01", state: ["PERMANENT"] },
        ],
        [
          { ifname: "t-0", mac: bridgeMac, vlan: 20, state: "static", master: "br0" },
          { ifname: "t-0", mac: "33:33:00:00:00:01", state: "permanent" },
        ],
      ),
    },
  };
};

test("CSV has the columns of the table, with bytes as numbers", async () => {
  const [head, odd, first, second, ...more] = renderStatusCsv(await status(true)).split("\n");
  expect(head).toBe("GUEST,NIC,TYPE,NETWORK,STATE,ACTIVITY,SENT,RECEIVED");
  expect(first).toMatch(/^\w+,t-0,access br0,20,drift,seen,1536,20$/);
  expect(second).toMatch(/^\w+,t-1,routed,192\.0\.2\.1,ok,reachable,90,0$/);
  expect(odd).toBe("odd,,,,invalid,,,");
  expect(more).toEqual([""]);
});

test("CSV quotes what has a comma or a quote in it", async () => {
  const [first] = (await status(false)).survey.guests;
  if (first === undefined) throw new Error("there is a guest");
  const named = { ...(await status(false)), survey: { guests: [{ ...first, name: 'a,"b"' }], others: [] } };
  expect(renderStatusCsv(named)).toContain('\n"a,""b""",t-0,');
});

test("the table has a line for each NIC, and below it what is wrong", async () => {
  expect(renderTable(await status(true), { colour: false })).toBe(
    [
      "GUEST  NIC  TYPE        NETWORK    STATE    ACTIVITY      SENT  RECEIVED",
      "odd                                invalid",
      '  NIC MAC: <access> in the domain\'s metadata: vlan="x" is not a VLAN ID from 1 to 4094',
      "t      t-0  access br0  20         drift    seen       1.5 KiB      20 B",
      "  missing: VLAN 20 pvid untagged on t-0",
      "t      t-1  routed      192.0.2.1  ok       reachable     90 B       0 B",
      "  seen from another MAC address: 192.0.2.9 at 52:54:00:66:66:66",
      "1 running guest without metadata of guestnet: plain",
      "",
    ]
      .join("\n")
      .replace("NIC MAC", `NIC ${/mac="([^"]+)" vlan="x"/.exec(BROKEN)?.[1] ?? ""}`),
  );
});

test("colours change nothing but the colours", async () => {
  const colours = new RegExp(`${String.fromCharCode(27)}\\[\\d+m`, "g");
  const painted = renderTable(await status(true), { colour: true });
  expect(painted).toMatch(colours);
  expect(painted.replaceAll(colours, "")).toBe(renderTable(await status(true), { colour: false }));
});

test("without a guest of ours it says so", () => {
  const none = {
    survey: { guests: [], others: ["a", "b"] },
    traffic: { counters: new Map(), heard: new Map() },
  };
  expect(renderTable(none, { colour: false })).toBe(
    "no running guest has metadata of guestnet\n2 running guests without metadata of guestnet: a, b\n",
  );
});

test("the JSON has everything that the table has", async () => {
  expect(JSON.parse(renderStatusJson(await status(true)))).toMatchObject({
    guests: [
      {
        name: "odd",
        uuid: null,
        state: "invalid",
        nics: [],
        reasons: [expect.stringContaining("not a VLAN ID")],
      },
      {
        name: "t",
        uuid: domain.uuid,
        state: "drift",
        nics: [
          {
            tap: "t-0",
            mac: bridgeMac,
            type: "access",
            bridge: "br0",
            vlan: 20,
            state: "drift",
            reasons: ["missing: VLAN 20 pvid untagged on t-0"],
            changes: [{ change: "add", fact: { kind: "port-vlan", port: "t-0", vid: 20 } }],
            activity: "seen",
            heard: [],
            counters: { sentBytes: 1536, receivedBytes: 20, dropped: 1 },
          },
          {
            tap: "t-1",
            type: "routed",
            addresses: ["192.0.2.1"],
            state: "ok",
            reasons: [],
            changes: [],
            activity: "reachable",
          },
        ],
      },
    ],
    others: ["plain"],
  });
});

test("the text for Prometheus has a sample of each kind for each NIC", async () => {
  const text = renderPrometheus([{ host: null, status: await status(true) }]);
  expect(text).toContain('guestnet_nic_ok{guest="t",nic="t-0",type="access br0"} 0\n');
  expect(text).toContain('guestnet_nic_ok{guest="t",nic="t-1",type="routed"} 1\n');
  expect(text).toContain('guestnet_nic_differences{guest="t",nic="t-0",type="access br0"} 1\n');
  expect(text).toContain('guestnet_nic_dropped_frames_total{guest="t",nic="t-0",type="access br0"} 1\n');
  expect(text).toContain('guestnet_guest_invalid{guest="odd"} 1\n');
  expect(text).toContain('guestnet_nic_state{guest="t",nic="t-0",type="access br0",state="drift"} 1\n');
  expect(text).toContain('guestnet_nic_activity{guest="t",nic="t-1",type="routed",activity="reachable"} 1\n');
  // Every line is a comment or a sample (prometheus.io, "Text-based format").
  const other = text
    .split("\n")
    .filter((line) => !/^(# (HELP|TYPE) \S+ .+|\w+\{(\w+="[^"]*",?)+\} [\d.]+|)$/.test(line));
  expect(other).toEqual([]);
});

test.each([
  ["REACHABLE", "reachable"],
  ["STALE", "seen"],
  ["FAILED", "unresponsive"],
])("a neighbour entry that is %s makes of the guest: %s", async (state, answer) => {
  const { guests } = JSON.parse(renderStatusJson(await status(false, state))) as {
    readonly guests: readonly { readonly nics: readonly { readonly activity: string }[] }[];
  };
  expect(guests[0]?.nics[1]?.activity).toBe(answer);
});

test("NICs that libvirt alone attaches stand below the guest's others, and nothing is said of them but whether the guest is heard", async () => {
  const kernel = hostWith();
  const nics = [
    ACCESS,
    { type: "ovs", bridge: "ovsbr0", trunk: [30, "100-103"], native: 10 },
    { type: "bridge", bridge: "br40", filtering: false },
    { type: "network", network: "lan", portgroup: "servers" },
    { type: "macvtap", source: "enp3s0" },
    { type: "hostdev", source: "0000:07:10.0", vlan: 42, mac: "52:54:00:00:00:05" },
  ];
  await start(domainOf(guest(ACCESS)), kernel);
  const mixed: HostStatus = {
    survey: await survey(toDomains([xmlOf(guest(...nics))]), toAsked(kernel)),
    traffic: {
      counters: toCounters([
        { ifname: "t-1", stats64: { rx: { packets: 3, bytes: 1536 }, tx: { packets: 9, bytes: 20 } } },
        { ifname: "t-2", stats64: { rx: { packets: 0, bytes: 0 }, tx: { packets: 9, bytes: 20 } } },
      ]),
      heard: new Map(),
    },
  };
  expect(renderTable(mixed, { colour: false }).replaceAll(/ +$/gm, "")).toBe(
    [
      "GUEST  NIC                TYPE            NETWORK               STATE      ACTIVITY       SENT  RECEIVED",
      "t      t-0                access br0      20                    ok         unknown",
      "t      t-1                ovs ovsbr0      30,100-103 native 10  unmanaged  seen        1.5 KiB      20 B",
      "t      t-2                bridge br40                           unmanaged  never seen      0 B      20 B",
      "t      t-3                network lan                           unmanaged  unknown",
      "t      t-4                macvtap enp3s0                        unmanaged  unknown",
      "t      52:54:00:00:00:05  hostdev         42                    unmanaged  unknown",
      "",
    ].join("\n"),
  );
  expect(JSON.parse(renderStatusJson(mixed))).toMatchObject({
    guests: [
      {
        nics: [{ tap: "t-0" }],
        unmanaged: [
          {
            ...{ tap: "t-1", type: "ovs", on: "ovsbr0", vlans: "30,100-103 native 10" },
            ...{ activity: "seen", counters: { sentBytes: 1536 } },
          },
          { tap: "t-2", type: "bridge", on: "br40", vlans: "", activity: "never seen" },
          { tap: "t-3", type: "network", on: "lan", vlans: "", activity: "unknown", counters: null },
          { tap: "t-4", type: "macvtap", on: "enp3s0" },
          { tap: null, mac: "52:54:00:00:00:05", type: "hostdev", on: null, vlans: "42" },
        ],
      },
    ],
    others: [],
  });
  expect(isGood(mixed.survey)).toBe(true);
});

test("all is good only when every NIC is", async () => {
  expect(isGood((await status(false)).survey)).toBe(true);
  expect(isGood((await status(true)).survey)).toBe(false);
});

test.each([
  [0, "0 B"],
  [1023, "1023 B"],
  [1024, "1.0 KiB"],
  [123_456, "121 KiB"],
  [5 * 2 ** 30, "5.0 GiB"],
])("%d bytes are %s", (bytes, text) => {
  expect(renderBytes(bytes)).toBe(text);
});
