import { describe, expect, test } from "@jest/globals";
import { importHost } from "../../src/import/host/import-host.ts";
import { renderHostReport } from "../../src/import/host/host-report.ts";
import type { LiveNetwork } from "../../src/live-network/live-network.ts";
import { QUERIES, toLiveNetwork } from "../../src/live-network/readings.ts";
import { readSysctls, SYSCTL_FILE } from "../../src/live-network/sysctls.ts";
import { parseSite } from "../../src/site/site.ts";
import { type Case, liveHostCases } from "../support/cases.ts";
import { toMap } from "../support/bridge-map.ts";

/** Answers of a real host: Linux 7.2, iproute2 6.1. */
const readingsOf = (one: Case): LiveNetwork =>
  toLiveNetwork(
    new Map(QUERIES.map(({ file }) => [file, one.read(file) ?? ""])),
    readSysctls(one.read(SYSCTL_FILE) ?? ""),
  );

describe.each(liveHostCases().map((one): [string, Case] => [one.name, one]))("the host %s", (name, one) => {
  const imported = importHost(readingsOf(one), toMap(one.read("bridge-map.txt")));
  const text = `${JSON.stringify(imported.host, null, 2)}\n`;

  test("becomes this host.json and report", () => {
    const report = renderHostReport(imported, name);
    expect(text).toBe(one.golden("host.json", text));
    expect(report).toBe(one.golden("report.md", report));
  });

  test("becomes a valid host.json", () => {
    expect(parseSite(text)).toMatchObject({ ok: true });
  });

  test("has every device in its report", () => {
    const used = readingsOf(one).links.filter(({ type, up }) => type === "ether" && up);
    const reported = imported.entries.flatMap(({ object }) => object.split(", "));
    const isWritten = (device: string): boolean => text.includes(`"${device}"`);
    // A VLAN device below a per-VLAN bridge is the VLAN of the bridge.
    const silent = used.filter(
      ({ name: device, vlan }) => vlan === null && !isWritten(device) && !reported.includes(device),
    );
    expect(silent.map(({ name: device }) => device)).toEqual([]);
  });
});

/** A host with nothing but these devices. */
const network = (given: Partial<LiveNetwork>): LiveNetwork => ({
  ...{ links: [], addresses: [], routes: [], rules: [], vlans: [], tunnels: [], peers: [] },
  sysctl: () => null,
  ...given,
});

const perVlan = (): LiveNetwork => {
  const one = liveHostCases().find(({ name }) => name === "bridge-per-vlan");
  if (one === undefined) throw new Error("there is no case");
  return readingsOf(one);
};

describe("--bridge-map", () => {
  test("keeps bridges of another uplink out of a bridge: it would connect two networks", () => {
    const { host, entries } = importHost(perVlan(), toMap("br20=br0:20\nbr1=br0:1\n"));
    expect(host.bridges?.["br0"]).toMatchObject({ uplinks: ["eno1"], vlans: { vlan20: 20 } });
    expect(entries).toContainEqual(
      expect.objectContaining({ object: "br1", outcome: "dropped", decide: true }),
    );
  });

  test("takes the VLAN ID of the uplink if the rule has none", () => {
    const { host } = importHost(perVlan(), toMap("br20=br0\n"));
    expect(host.bridges?.["br0"]?.vlans).toEqual({ vlan20: 20 });
  });

  test("leaves a decision where the rule has another VLAN ID than the wire", () => {
    const { host, entries } = importHost(perVlan(), toMap("br20=br0:21\n"));
    expect(host.bridges?.["br0"]?.vlans).toEqual({ vlan21: 21 });
    expect(entries).toContainEqual(
      expect.objectContaining({ object: "br20", outcome: "changed", decide: true }),
    );
  });

  test("is refused for a bridge without a VLAN ID on its uplink and in the rule", () => {
    const { host, entries } = importHost(perVlan(), toMap("br1=br0\n"));
    expect(host.bridges).toBeUndefined();
    expect(entries.find(({ object }) => object === "br1")).toMatchObject({
      outcome: "dropped",
      decide: true,
    });
  });
});

test("a host without a network has an empty host.json", () => {
  expect(importHost(network({}), [])).toEqual({ host: {}, entries: [], rules: [], bridges: [] });
});

test("sysctl's names keep the dots of devices", () => {
  expect(readSysctls("net.ipv6.conf.br0/10.accept_ra = 2\n")("net/ipv6/conf/br0.10/accept_ra")).toBe("2");
});
