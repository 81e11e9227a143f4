import { describe, expect, test } from "@jest/globals";
import { type Device, parseDevice } from "../../../src/kernel/facts/device.ts";
import { observeLink } from "../../../src/kernel/facts/tap/link.ts";
import { observeGroup } from "../../../src/kernel/facts/port/port-group.ts";
import { observeTap } from "../../../src/kernel/facts/tap/tap.ts";
import { observeDraft } from "../../../src/kernel/facts/tap/tap-draft.ts";
import { type IfName, parseIfName } from "../../../src/values/names.ts";
import { recorded } from "../../support/recorded.ts";

const device = (name: string): Device => {
  const [document] = recorded(name);
  return parseDevice(document);
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
    expect(device("link-bridge")).toMatchObject({
      name: "br0",
      kind: "bridge",
      tap: null,
      bridge: { vlanFiltering: true, defaultPvid: 1 },
    });
  });

  test("a bridge that does not", () => {
    expect(device("link-bridge-plain").bridge).toEqual({ vlanFiltering: false, defaultPvid: 1 });
  });

  test("a port: its bridge, and that it is a tap", () => {
    const port = device("link-port");
    expect(port).toMatchObject({ name: "fw1-0", master: "br0", alias: null, tap: { multiQueue: false } });
  });

  test("a routed tap with all of its settings", () => {
    expect(device("link-tap")).toEqual({
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
    expect(device("link-loopback")).toMatchObject({
      name: "lo",
      kind: null,
      group: 0,
      tap: null,
      bridge: null,
    });
  });
});

test("that a port is in our group is a fact", () => {
  expect(observeGroup(device("link-port"))).toEqual([]);
  expect(observeGroup({ ...device("link-port"), group: 77 })).toEqual([
    { kind: "port-group", port: "fw1-0", group: 77 },
  ]);
});

test("a tap with our alias is two facts", () => {
  const [tap, facts] = [device("link-tap"), own(ALIAS)];
  expect([...observeTap(tap, facts), ...observeLink(tap, facts)]).toEqual([
    {
      ...{ kind: "tap", dev: "dns1-0", draft: "mk_525400112244", alias: ALIAS },
      multiQueue: true,
    },
    {
      ...{ kind: "link", dev: "dns1-0", master: null, mac: "fe:54:00:11:22:44" },
      ...{ group: 76, mtu: 1400, up: true },
    },
  ]);
});

test.each([
  ["a tap with another guest's alias", "link-tap", "guestnet:00000000-0000-4000-8000-000000000000"],
  ["a tap without an alias", "link-port", ALIAS],
  ["a bridge", "link-bridge", ALIAS],
])("%s is nothing of ours", (_, name, alias) => {
  expect(observeTap(device(name), own(alias))).toEqual([]);
  expect(observeLink(device(name), own(alias))).toEqual([]);
});

test.each([
  ["a tap without an alias", "link-port", 1],
  ["a tap with one", "link-tap", 0],
  ["a bridge", "link-bridge", 0],
  ["a physical device", "link-loopback", 0],
])("%s under the name of a tap being made: %d to be cleared", (_, document, count) => {
  expect(observeDraft(device(document))).toHaveLength(count);
});

test("a tun device is no tap, even with our alias", () => {
  const tun = {
    ifname: "dns1-0",
    ifalias: ALIAS,
    linkinfo: { info_kind: "tun", info_data: { type: "tun" } },
  };
  expect(observeTap(parseDevice(tun), own(ALIAS))).toEqual([]);
});

test.each([null, 7, "", [], {}, { linkinfo: [] }, { flags: "UP", mtu: "1500" }])(
  "nonsense is a device without anything: %j",
  (document) => {
    expect(parseDevice(document)).toMatchObject({ up: false, tap: null, bridge: null, master: null });
  },
);
