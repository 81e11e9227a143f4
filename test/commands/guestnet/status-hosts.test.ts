import { describe, expect, test } from "@jest/globals";
import { type HostsStatus, lookAtHosts } from "../../../src/commands/guestnet/hosts/look-at-hosts.ts";
import { renderHostsJson } from "../../../src/commands/guestnet/status/hosts-json.ts";
import { renderHostsCsv } from "../../../src/commands/guestnet/status/status-csv.ts";
import { renderHostsTable } from "../../../src/commands/guestnet/status/hosts-table.ts";
import { renderHostMetrics, renderPrometheus } from "../../../src/commands/guestnet/status/prometheus.ts";
import { exitCodeOf } from "../../../src/commands/guestnet/status/status-hosts.ts";
import { Failure } from "../../../src/values/failure.ts";
import { openOther, type Other, sshUri } from "../../support/other-host.ts";
import { domainOf, guest } from "../../support/profiles.ts";

const WEB = { ...guest({ type: "bridge", bridge: "br0", vlan: 20 }), name: "web1" };
const DNS = { ...guest({ type: "routed", addresses: ["192.0.2.53"] }), name: "dns1" };

const look = (
  hosts: Readonly<Record<string, Other | Failure>>,
  names: readonly string[] = [],
): Promise<HostsStatus> =>
  lookAtHosts({
    ...{ what: "status", names, beside: () => Promise.resolve(null) },
    uris: Object.keys(hosts).map(sshUri),
    ms: 1000,
    connect: (_, { way }) => {
      const other = hosts[way.kind === "ssh" ? way.host : ""];
      if (other === undefined || other instanceof Failure)
        return Promise.reject(other ?? new Error("no such host"));
      return openOther(other);
    },
  });
const table = (status: HostsStatus): readonly string[] =>
  renderHostsTable(status, { colour: false }).trimEnd().split("\n");
const DEAD = new Failure("ssh: connect to host h3 port 22: No route to host", "ssh h3");

test("one table: a column for the host, a row for one that does not answer, with why, and one for one without guests", async () => {
  const status = await look({
    h1: { guests: [DNS] },
    h2: { guests: [WEB], broken: true },
    h3: DEAD,
    h4: { guests: [] },
  });
  expect(table(status).map((line) => line.trimEnd())).toEqual([
    "HOST  GUEST  NIC     TYPE        NETWORK     STATE      ACTIVITY  SENT  RECEIVED",
    "h1    dns1   dns1-0  routed      192.0.2.53  ok         unknown",
    "h2    web1   web1-0  access br0  20          drift      unknown",
    "  missing: VLAN 20 pvid untagged on web1-0",
    "h3                                           no answer",
    "  ssh: connect to host h3 port 22: No route to host",
    "h4                                           no guests",
  ]);
});

test("as CSV: the same, without what stands below the rows", async () => {
  const status = await look({ h1: { guests: [DNS] }, h2: { guests: [WEB], broken: true }, h3: DEAD });
  expect(renderHostsCsv(status)).toBe(
    [
      "HOST,GUEST,NIC,TYPE,NETWORK,STATE,ACTIVITY,SENT,RECEIVED",
      "h1,dns1,dns1-0,routed,192.0.2.53,ok,unknown,,",
      "h2,web1,web1-0,access br0,20,drift,unknown,,",
      "h3,,,,,no answer,,,",
      "",
    ].join("\n"),
  );
});

describe("the exit code", () => {
  test.each<[string, Readonly<Record<string, Other | Failure>>, 0 | 1 | 2]>([
    ["is 0 where every NIC is right", { h1: { guests: [DNS] }, h2: { guests: [WEB] } }, 0],
    ["is 1 where a host does not answer", { h1: { guests: [DNS] }, h3: DEAD }, 1],
    ["is 2 where a NIC differs", { h2: { guests: [WEB], broken: true } }, 2],
    ["is 2 where guests conflict", { h1: { guests: [DNS] }, h2: { guests: [DNS] } }, 2],
    ["is 0 while a guest moves", { h1: { guests: [DNS] }, h2: { guests: [DNS], paused: [DNS] } }, 0],
  ])("%s", async (_, hosts, code) => {
    expect(exitCodeOf(await look(hosts))).toBe(code);
  });
});

test("a guest that runs on two hosts is a conflict below the table", async () => {
  expect(table(await look({ h1: { guests: [DNS] }, h2: { guests: [DNS] } })).at(-1)).toMatch(
    /^conflict: guest dns1 \(.*\) runs twice: on h1 and on h2/,
  );
});

test("a guest that is copied from one host to the other is no conflict but reported as moving, in the table and in JSON", async () => {
  const status = await look({ h1: { guests: [WEB, DNS] }, h2: { guests: [DNS], paused: [DNS] } });
  expect(table(status).at(-1)).toBe(
    "moving: guest dns1 runs on h1 and is paused on h2, as on its way between them",
  );
  expect(JSON.parse(renderHostsJson(status))).toMatchObject({
    moving: [{ name: "dns1", uuid: domainOf(DNS).uuid, runs: "h1", waits: "h2" }],
    conflicts: [],
  });
});

test("a guest that somebody has paused, and one that is paused on both, do not move", async () => {
  const paused = { guests: [DNS], paused: [DNS] };
  for (const hosts of [
    { h1: paused, h2: { guests: [WEB] } },
    { h1: paused, h2: paused },
  ]) {
    expect((await look(hosts)).moves).toEqual([]);
  }
});

test("a guest that had moved between the questions is not: the second look counts", async () => {
  let looks = 0;
  const status = await lookAtHosts({
    ...{ what: "status", names: [], uris: [sshUri("h1"), sshUri("h2")], ms: 1000 },
    beside: () => Promise.resolve(null),
    connect: (_, { way }) => {
      looks += 1;
      const left = looks > 2 && way.kind === "ssh" && way.host === "h1";
      return openOther({ guests: left ? [] : [DNS] });
    },
  });
  expect([looks, status.conflicts]).toEqual([4, []]);
});

test("many hosts are asked at the same time: none is waited for before another is asked", async () => {
  const names = Array.from({ length: 20 }, (_, at) => `h${String(at)}`);
  const waiting: (() => void)[] = [];
  // Nobody is answered before all have been asked.
  const slow = (): Promise<void> =>
    new Promise((resolve) => {
      waiting.push(resolve);
      if (waiting.length >= names.length) for (const go of waiting) go();
    });
  const status = await look(Object.fromEntries(names.map((name) => [name, { guests: [], slow }])));
  expect(status.hosts.map(({ kind }) => kind)).toEqual(names.map(() => "seen"));
});

test("names choose guests wherever they run; one that runs nowhere is an error that names the silent hosts", async () => {
  const status = await look({ h1: { guests: [DNS] }, h2: { guests: [WEB] } }, ["web1"]);
  expect(table(status).filter((line) => line.includes("dns1"))).toEqual([]);
  await expect(look({ h1: { guests: [DNS] }, h3: DEAD }, ["web1"])).rejects.toThrow(
    "guest web1: running on none of the hosts; no answer from h3",
  );
});

test("the JSON has hosts, guests with their host, and conflicts", async () => {
  const status = await look({ h1: { guests: [DNS] }, h2: { guests: [DNS, WEB] }, h3: DEAD });
  expect(JSON.parse(renderHostsJson(status))).toMatchObject({
    hosts: [
      { host: "h1", uri: expect.stringContaining("h1"), answered: true, reason: null, others: [] },
      { host: "h2", answered: true },
      { host: "h3", answered: false, reason: DEAD.message },
    ],
    guests: [
      { host: "h1", name: "dns1", nics: [{ state: "ok" }] },
      { host: "h2", name: "dns1" },
      { host: "h2", name: "web1" },
    ],
    others: [],
    conflicts: [{ kind: "guest", claimants: [{ host: "h1", guest: "dns1", tap: null }, { host: "h2" }] }],
  });
});

test("Prometheus gets a label for the host, which hosts are up, and how many conflicts there are", async () => {
  const status = await look({ h1: { guests: [DNS] }, h3: DEAD });
  const seen = status.hosts.flatMap((asked) => (asked.kind === "seen" ? [asked] : []));
  const text = renderPrometheus(seen) + renderHostMetrics(status);
  expect(text).toContain('guestnet_nic_ok{host="h1",guest="dns1",nic="dns1-0",type="routed"} 1\n');
  expect(text).toContain('guestnet_host_up{host="h1"} 1\nguestnet_host_up{host="h3"} 0\n');
  expect(text).toMatch(/^guestnet_conflicts 0$/m);
});
