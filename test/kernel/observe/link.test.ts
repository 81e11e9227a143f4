import { describe, expect, test } from "@jest/globals";
import type { Link } from "../../../src/kernel/facts/link.ts";
import { type IfName, parseIfName } from "../../../src/values/names.ts";
import { observeDraft, observeGroup, observeTap, parseLink } from "../../../src/kernel/observe/link.ts";
import { recorded } from "../../support/recorded.ts";

const link = (name: string): Link => {
  const [document] = recorded(name);
  return parseLink(document);
};
const ALIAS = "guestnet:6f1c1b1e-8c1f-4b9e-9d59-0c8e3c1f5a10";
const name = (text: string): IfName => parseIfName(text) ?? ("" as IfName);
const own = (alias: string) => ({
  dev: name("dns1-0"),
  alias,
  draft: name("mk_525400112244"),
  anycast: false,
});

describe("reads from what ip really printed", () => {
  test("a bridge that filters VLANs, and its default PVID", () => {
    expect(link("link-bridge")).toMatchObject({
      name: "br0",
      kind: "bridge",
      tap: null,
      bridge: { vlanFiltering: true, defaultPvid: 1 },
    });
  });

  test("a bridge that does not", () => {
    expect(link("link-bridge-plain").bridge).toEqual({ vlanFiltering: false, defaultPvid: 1 });
  });

  test("a port: its bridge, and that it is a tap", () => {
    const port = link("link-port");
    expect(port).toMatchObject({ name: "fw1-0", master: "br0", alias: null, tap: { multiQueue: false } });
  });

  test("a routed tap with all of its settings", () => {
    expect(link("link-tap")).toEqual({
      name: "dns1-0",
      kind: "tun",
      master: null,
      alias: ALIAS,
      mac: "fe:54:00:11:22:44",
      group: 76,
      mtu: 1400,
      up: true,
      tap: { multiQueue: true },
      vrf: null,
      bridge: null,
    });
  });

  test("a device without a kind, in group 0", () => {
    expect(link("link-loopback")).toMatchObject({
      name: "lo",
      kind: null,
      group: 0,
      tap: null,
      bridge: null,
    });
  });
});

test("that a port is in our group is a fact", () => {
  expect(observeGroup(link("link-port"))).toEqual([]);
  expect(observeGroup({ ...link("link-port"), group: 77 })).toEqual([
    { kind: "port-group", port: "fw1-0", group: 77 },
  ]);
});

test("a tap with our alias is two facts", () => {
  expect(observeTap(link("link-tap"), own(ALIAS)).map((fact) => fact.kind)).toEqual(["tap", "link"]);
});

test.each([
  ["a tap with another guest's alias", "link-tap", "guestnet:00000000-0000-4000-8000-000000000000"],
  ["a tap without an alias", "link-port", ALIAS],
  ["a bridge", "link-bridge", ALIAS],
])("%s is nothing of ours", (_, name, alias) => {
  expect(observeTap(link(name), own(alias))).toEqual([]);
});

test.each([
  ["a tap without an alias", "link-port", 1],
  ["a tap with one", "link-tap", 0],
  ["a bridge", "link-bridge", 0],
  ["a physical device", "link-loopback", 0],
])("%s under the name of a tap being made: %d to be cleared", (_, document, count) => {
  expect(observeDraft(link(document))).toHaveLength(count);
});

test("a tun device is no tap, even with our alias", () => {
  const tun = {
    ifname: "dns1-0",
    ifalias: ALIAS,
    linkinfo: { info_kind: "tun", info_data: { type: "tun" } },
  };
  expect(observeTap(parseLink(tun), own(ALIAS))).toEqual([]);
});

test.each([null, 7, "", [], {}, { linkinfo: [] }, { flags: "UP", mtu: "1500" }])(
  "nonsense is a link without anything: %j",
  (document) => {
    expect(parseLink(document)).toMatchObject({ up: false, tap: null, bridge: null, master: null });
  },
);
