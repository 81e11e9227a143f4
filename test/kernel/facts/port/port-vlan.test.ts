import { expect, test } from "@jest/globals";
import type { IfName } from "../../../../src/values/names.ts";
import { parseIfName } from "../../../../src/values/names.ts";
import { observeFdb } from "../../../../src/kernel/facts/port/fdb.ts";
import { observePortVlans } from "../../../../src/kernel/facts/port/port-vlan.ts";
import { recorded } from "../../../support/recorded.ts";

const PORT = parseIfName("fw1-0") ?? ("" as IfName);
const GUEST = "52:54:00:11:22:33";

test("reads a trunk with a native VLAN as bridge really printed it", () => {
  const vlan = (vid: number, native: boolean) => ({
    kind: "port-vlan",
    port: PORT,
    vid,
    pvid: native,
    untagged: native,
  });
  expect(observePortVlans(PORT, recorded("vlan"))).toEqual([
    vlan(10, true),
    ...[30, 100, 101, 102, 103].map((vid) => vlan(vid, false)),
  ]);
});

test("reads ranges, and passes over what is said beside the flags", () => {
  const vids = observePortVlans(PORT, recorded("vlan-details")).map(({ vid, pvid }) => [vid, pvid]);
  expect(vids).toEqual([[1, false], [20, true], ...[30, 31, 32, 33].map((vid) => [vid, false])]);
});

test("sees the default PVID that the bridge gave", () => {
  expect(observePortVlans(PORT, recorded("vlan-default"))).toEqual([
    { kind: "port-vlan", port: PORT, vid: 1, pvid: true, untagged: true },
  ]);
});

test("takes only the guest's static entries: none of the port's own, none without a VLAN", () => {
  expect(observeFdb(PORT, recorded("fdb"))).toEqual(
    [103, 102, 101, 100, 30, 10].map((vid) => ({ kind: "fdb", port: PORT, mac: GUEST, vid, sticky: false })),
  );
});

test("tells a sticky entry from one that moves", () => {
  expect(observeFdb(PORT, recorded("fdb-sticky"))).toEqual([
    { kind: "fdb", port: PORT, mac: GUEST, vid: 30, sticky: true },
    { kind: "fdb", port: PORT, mac: GUEST, vid: 10, sticky: false },
  ]);
});

test.each([
  ["PVID alone", ["PVID"], { pvid: true, untagged: false }],
  ["untagged alone", ["Egress Untagged"], { pvid: false, untagged: true }],
  ["neither", undefined, { pvid: false, untagged: false }],
])("keeps the flags of a VLAN apart: %s", (_, flags, expected) => {
  expect(observePortVlans(PORT, [{ ifname: PORT, vlans: [{ vlan: 20, flags }] }])).toMatchObject([expected]);
});

test("expands a range, which newer kernels print", () => {
  const shown = [{ ifname: PORT, vlans: [{ vlan: 100, vlanEnd: 102 }] }];
  expect(observePortVlans(PORT, shown).map((fact) => "vid" in fact && fact.vid)).toEqual([100, 101, 102]);
});

test.each([
  ["a learned entry", { mac: GUEST, vlan: 20, state: "" }],
  ["a permanent entry", { mac: GUEST, vlan: 20, state: "permanent" }],
  ["an entry without a state", { mac: GUEST, vlan: 20 }],
  ["an entry without a VLAN", { mac: GUEST, state: "static" }],
])("%s is nothing of ours", (_, entry) => {
  expect(observeFdb(PORT, [entry])).toEqual([]);
});

test.each([[[]], [[null]], [[{ vlans: "all" }]], [[{ vlans: [{ vlan: 0 }, { vlan: 4095 }, {}] }]]])(
  "a port without VLANs has none: %j",
  (shown) => {
    expect(observePortVlans(PORT, shown)).toEqual([]);
  },
);
