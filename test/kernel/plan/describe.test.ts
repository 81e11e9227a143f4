import { describe, expect, test } from "@jest/globals";
import { type Fact, hostState } from "../../../src/kernel/facts/fact.ts";
import { describeStep } from "../../../src/kernel/plan/describe.ts";
import { diff } from "../../../src/kernel/plan/diff.ts";
import { toPlan } from "../../../src/kernel/plan/plan.ts";
import { reasonOf } from "../../../src/survey/describe-drift.ts";
import { type Mac, parseMac } from "../../../src/values/mac.ts";
import { type IfName, parseIfName } from "../../../src/values/names.ts";
import { toVid, type Vid } from "../../../src/values/vid.ts";

const port = parseIfName("db1-0") ?? ("" as IfName);
const mac = parseMac("52:54:00:11:22:33") ?? ("" as Mac);
const vid = (id: number): Vid => toVid(id) ?? (0 as Vid);
const member = (id: number, native = false): Fact => ({
  ...{ kind: "port-vlan", port, vid: vid(id), pvid: native, untagged: native },
});
const entry = (id: number, sticky: boolean): Fact => ({ kind: "fdb", port, mac, vid: vid(id), sticky });
const flag = (name: "learning" | "locked", on: boolean): Fact => ({
  kind: "port-flag",
  port,
  flag: name,
  on,
});

describe.each<[string, readonly Fact[], readonly Fact[], string, string]>([
  [
    "VLANs that come",
    [],
    [member(30), member(31), member(32)],
    "adding VLAN 30-32 on db1-0",
    "missing: VLAN 30-32 on db1-0",
  ],
  [
    "the native VLAN",
    [],
    [member(20, true)],
    "adding VLAN 20 pvid untagged on db1-0",
    "missing: VLAN 20 pvid untagged on db1-0",
  ],
  [
    "VLANs that go",
    [member(1), member(2)],
    [],
    "removing VLAN 1-2 on db1-0",
    "unexpected: VLAN 1-2 on db1-0",
  ],
  [
    "flags that become others",
    [flag("learning", true), flag("locked", false)],
    [flag("learning", false), flag("locked", true)],
    "setting learning off, locked on for db1-0",
    "differs: learning off, locked on for db1-0",
  ],
  [
    "entries of which one is new and one not sticky",
    [member(20), member(21), entry(20, false)],
    [member(20), member(21), entry(20, true), entry(21, true)],
    "setting forwarding entries 52:54:00:11:22:33 on db1-0",
    "differs: forwarding entries 52:54:00:11:22:33 on db1-0",
  ],
])("%s", (_, observed, desired, does, reason) => {
  const [step] = toPlan(diff(hostState(desired), hostState(observed)));
  if (step === undefined) throw new Error("nothing changes");

  test("are told when they fail", () => {
    expect(describeStep(step)).toBe(does);
  });

  test("and why they are planned", () => {
    expect(reasonOf(step)).toBe(reason);
  });
});

test("what follows a VLAN that goes says itself what it does", () => {
  const last = toPlan(diff(hostState([]), hostState([member(1)]))).at(-1);
  if (last === undefined) throw new Error("nothing changes");
  expect([describeStep(last), reasonOf(last)]).toEqual([
    "emptying the queue of db1-0",
    "emptying the queue of db1-0",
  ]);
});
