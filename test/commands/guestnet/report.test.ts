import { describe, expect, test } from "@jest/globals";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { lookAtHosts } from "../../../src/commands/guestnet/hosts/look-at-hosts.ts";
import { readProfiles, type ReadProfiles } from "../../../src/commands/guestnet/report-page/read-profiles.ts";
import { toFleetReport } from "../../../src/commands/guestnet/report-page/to-report.ts";
import type { FleetReport } from "../../../src/report/fleet-report.ts";
import { renderPage } from "../../../src/report/page.ts";
import { Failure } from "../../../src/values/failure.ts";
import { guestnet, inFolder } from "../../support/guestnet.ts";
import { openOther, type Other, sshUri } from "../../support/other-host.ts";
import { guest } from "../../support/profiles.ts";

const MADE = new Date("2026-11-27T12:00:00Z");
const WEB = { ...guest({ type: "bridge", bridge: "br0", vlan: 20 }), name: "web1" };
const DNS = { ...guest({ type: "routed", addresses: ["192.0.2.53", "2001:db8::53"] }), name: "dns1" };
const DEAD = new Failure("ssh: connect to host h3 port 22: No route to host", "ssh h3");

const reportOf = async (
  hosts: Readonly<Record<string, Other | Failure>>,
  profiles: ReadProfiles | null = null,
): Promise<FleetReport> => {
  const status = await lookAtHosts({
    ...{ what: "report", names: [], uris: Object.keys(hosts).map(sshUri), ms: 1000 },
    beside: () => Promise.resolve(new Map([["br0", ["eno1"]]])),
    connect: (_, { way }) => {
      const other = hosts[way.kind === "ssh" ? way.host : ""];
      return other === undefined || other instanceof Failure
        ? Promise.reject(other ?? DEAD)
        : openOther(other);
    },
  });
  return toFleetReport(status, profiles, MADE);
};

/** Reads these profiles, beside a host.json. */
const profilesOf = async (written: readonly object[], host: object): Promise<ReadProfiles> =>
  inFolder((folder) => {
    const guests = join(folder, "guests");
    mkdirSync(guests);
    writeFileSync(join(guests, "host.json"), JSON.stringify(host));
    for (const [at, one] of written.entries())
      writeFileSync(join(guests, `${String(at)}.json`), JSON.stringify(one));
    return readProfiles([guests], null);
  });

test("each guest has its host, its state, and its NICs with what the host knows of their addresses", async () => {
  const { guests, findings, plan } = await reportOf({ h1: { guests: [DNS] }, h2: { guests: [WEB] } });
  expect(guests).toEqual([
    {
      ...{ name: "dns1", host: "h1", state: "ok" },
      nics: [expect.objectContaining({ name: "dns1-0", addresses: ["192.0.2.53", "2001:db8::53"] })],
    },
    {
      ...{ name: "web1", host: "h2", state: "ok" },
      nics: [expect.objectContaining({ name: "web1-0", network: "access br0 20", addresses: [] })],
    },
  ]);
  expect([findings, plan]).toEqual([[], null]);
});

test("each host has a picture of its own guests and uplinks, or the reason why not", async () => {
  const { hosts } = await reportOf({ h1: { guests: [DNS] }, h2: { guests: [WEB] }, h3: DEAD });
  const [one, two, three] = hosts;
  expect(one).toMatchObject({ kind: "seen", name: "h1", svg: expect.stringMatching(/dns1/) });
  expect(one).toMatchObject({ svg: expect.not.stringMatching(/web1/) });
  expect(two).toMatchObject({ kind: "seen", name: "h2", svg: expect.stringMatching(/eno1[^]*web1/) });
  expect(two).toMatchObject({ svg: expect.stringContaining("2026-11-27 12:00 UTC") });
  expect(three).toEqual({ kind: "silent", name: "h3", why: DEAD.message });
});

test("drift and conflicts are findings, as guestnet status has them", async () => {
  const copy = { ...guest({ type: "routed", addresses: ["192.0.2.53"] }), name: "copy" };
  const { guests, findings, conflicts } = await reportOf({
    h1: { guests: [DNS] },
    h2: { guests: [copy, WEB], broken: true },
  });
  expect(guests.map(({ name, state }) => [name, state])).toEqual([
    ["dns1", "ok"],
    ["copy", "ok"],
    ["web1", "drift"],
  ]);
  expect(findings).toEqual([
    {
      ...{ kind: "drift", guest: "web1", host: "h2", nic: "web1-0" },
      text: "missing: VLAN 20 pvid untagged on web1-0",
    },
  ]);
  expect(conflicts).toEqual([expect.stringMatching(/192\.0\.2\.53 .*dns1.* on h1 .*copy.* on h2/)]);
});

test("a guest without metadata is there, too", async () => {
  const { guests } = await reportOf({ h1: { guests: [{ ...guest(), name: "old" }] } });
  expect(guests).toEqual([{ name: "old", host: "h1", state: "other", nics: [] }]);
});

describe("with profiles", () => {
  const SITE = {
    bridges: { br0: { uplinks: [], vlans: { web: { id: 20, prefixes: ["10.20.0.0/24"] } } } },
    routed: { prefixes: ["192.0.2.0/24"] },
  };
  const web = {
    ...guest({ type: "bridge", bridge: "br0", vlan: "web", addresses: ["10.20.0.5/24"] }),
    name: "web1",
  };

  test("the plan is theirs, and their addresses are shown where the host knows none", async () => {
    const profiles = await profilesOf([web, DNS], SITE);
    const { guests, plan, differences } = await reportOf({ h1: { guests: [DNS, WEB] } }, profiles);
    expect(guests.map(({ nics }) => nics.flatMap(({ addresses }) => addresses))).toEqual([
      ["192.0.2.53", "2001:db8::53"],
      ["10.20.0.5"],
    ]);
    expect(plan?.entries.map(({ prefix, used }) => [prefix, used])).toEqual([
      ["10.20.0.0/24", 1n],
      ["192.0.2.0/24", 1n],
    ]);
    expect(plan?.outside.map(({ what }) => what)).toEqual(["2001:db8::53"]);
    expect(differences).toEqual(["guest web1 on h1 runs without 10.20.0.5"]);
  });

  test("guests that differ from them, and errors in them, are on the page", async () => {
    const bad = { name: "bad", memory: "1 GiB", interfaces: [{ type: "bridge", bridge: "br0" }] };
    const profiles = await profilesOf([web, bad], SITE);
    const report = await reportOf({ h1: { guests: [DNS] } }, profiles);
    expect(report.differences).toEqual([
      "guest web1 is not running at all",
      "guest dns1 on h1 has no profile; it has 192.0.2.53, 2001:db8::53",
    ]);
    expect(report.errors).toEqual([expect.stringMatching(/1\.json:1:\d+: error: interfaces\[0\]/)]);
    const page = renderPage(report);
    for (const text of [...report.differences, "error: interfaces[0]"]) expect(page).toContain(text);
  });

  test("without profiles, a host.json has a plan of the running guests", async () => {
    const profiles = await profilesOf([], SITE);
    const { plan } = await reportOf({ h1: { guests: [DNS] } }, profiles);
    expect(plan?.entries.map(({ prefix, used }) => [prefix, used])).toEqual([
      ["10.20.0.0/24", 0n],
      ["192.0.2.0/24", 1n],
    ]);
  });
});

test("an error of the file of hosts leaves no page", () => {
  inFolder((folder) => {
    writeFileSync(join(folder, "hosts"), "nonsense\n");
    const { status, stderr } = guestnet([
      "report",
      "--hosts",
      join(folder, "hosts"),
      "-o",
      join(folder, "site"),
    ]);
    expect([status, stderr]).toEqual([1, expect.stringMatching(/hosts:1:1: error: /)]);
  });
});
