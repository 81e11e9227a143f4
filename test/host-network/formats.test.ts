import { describe, expect, test } from "@jest/globals";
import { HOST_FORMATS } from "../../src/host-network/format-names.ts";
import type { NetworkFile } from "../../src/host-network/host-file.ts";
import { type HostNetwork, linksOf } from "../../src/host-network/host-network.ts";
import { renderHost } from "../../src/host-network/render.ts";
import { toHostNetwork } from "../../src/host-network/to-host-network.ts";
import { parseSite } from "../../src/site/site.ts";
import { hostNetworks } from "../support/cases.ts";

const networkOf = (text: string | null): HostNetwork => {
  const site = parseSite(text ?? "");
  if (!site.ok) throw new Error(JSON.stringify(site.problems));
  return toHostNetwork(site.value);
};

const page = (files: readonly NetworkFile[]): string =>
  files.map(({ path, mode, text }) => `### ${path} ${mode.toString(8)}\n${text}`).join("\n");

describe.each(hostNetworks().map((one) => [one.name, one] as const))("host network %s", (_, one) => {
  const network = networkOf(one.read("host.json"));

  test.each(HOST_FORMATS)("becomes these files of %s", (format) => {
    const text = page(renderHost(network, format));
    expect(text).toBe(one.golden(`${format}.txt`, text));
  });

  test.each(HOST_FORMATS)("is named completely in the files of %s, each once", (format) => {
    const files = renderHost(network, format);
    const paths = files.map(({ path }) => path);
    expect(paths).toEqual([...new Set(paths)]);
    const text = page(files);
    const missing = network.links.filter(({ name }) => !text.includes(name));
    expect(missing).toEqual([]);
    const addresses = network.links.flatMap(({ addressing }) => addressing?.addresses ?? []);
    expect(addresses.filter(({ address }) => !text.includes(address))).toEqual([]);
  });

  test("has each device once, after what it is a port of or on top of", () => {
    const names = network.links.map(({ name }) => name);
    expect(names).toEqual([...new Set(names)]);
    const below = network.links.flatMap((link) => [
      ...(link.master === null ? [] : [[link.master.name, link.name] as const]),
      ...(link.kind === "vlan" ? [[link.parent, link.name] as const] : []),
    ]);
    expect(below.filter(([first, then]) => names.indexOf(first) > names.indexOf(then))).toEqual([]);
  });
});

const bridge = (settings: object, more: object = {}): HostNetwork =>
  networkOf(JSON.stringify({ bridges: { br0: settings }, ...more }));

test("a bridge's MAC address is locally administered, and another one for each host", () => {
  const macs = [
    bridge({}, { name: "kvm1" }),
    bridge({}, { name: "kvm2" }),
    bridge({ addresses: { 10: { addresses: ["192.0.2.10/24"] } } }),
    bridge({ addresses: { 10: { addresses: ["192.0.2.11/24"] } } }),
    bridge({ addresses: { 10: { addresses: "dhcp" } } }),
  ].map((network) => linksOf(network, "bridge")[0]?.mac ?? "");
  expect(new Set(macs).size).toBe(5);
  expect(macs.filter((mac) => !/^02(:[0-9a-f]{2}){5}$/.test(mac))).toEqual([]);
});

test("an untagged VLAN is on no uplink unless host.json sets it", () => {
  const natives = [{}, { native: 20 }].map((more) => {
    const [uplink] = linksOf(bridge({ uplinks: ["eno1"], vlans: { servers: 20 }, ...more }), "physical");
    return uplink?.master?.kind === "bridge" ? uplink.master.vlans : null;
  });
  expect(natives).toEqual([
    { kind: "trunk", tagged: [20], native: null },
    { kind: "trunk", tagged: [], native: 20 },
  ]);
});

test("a host forwards packets if it has routed guests, and otherwise keeps its VLANs apart", () => {
  expect(bridge({}).forwarding).toBe(false);
  expect(bridge({}, { routed: {} }).forwarding).toBe(true);
});
