import { expect, test } from "@jest/globals";
import { parseStartRecord, recordStart, STARTS } from "../../src/hook/start-record.ts";
import type { Operation } from "../../src/kernel/desired/operation.ts";
import { domainOf, guest } from "../support/profiles.ts";

const BRIDGE = domainOf(guest({ type: "bridge", bridge: "br0", vlan: 20 }));
const ROUTED = domainOf(guest({ type: "routed", addresses: ["2001:db8::1"] }));

const recorded = (operation: Operation, wrong: readonly string[], domain = ROUTED) => {
  const files = new Map<string, string>();
  recordStart(operation, domain, wrong, { writeFile: (name, text) => files.set(name, text) });
  return parseStartRecord(files.get(`${STARTS}/${domain.uuid}`) ?? null);
};

test.each<[Operation, readonly string[], ReturnType<typeof recorded>]>([
  ["prepare", [], { kind: "started" }],
  ["start", [], { kind: "started" }],
  [
    "start",
    ["bridge br0 does not\nfilter VLANs", "and more"],
    { kind: "refused", why: "bridge br0 does not; filter VLANs; and more" },
  ],
  ["prepare", ["no"], { kind: "refused", why: "no" }],
  ["reconnect", ["it runs all the same"], { kind: "started" }],
  ["release", [], null],
  ["release", ["a tap stayed"], null],
])("after %s with %j a guest's record is %j", (operation, wrong, record) => {
  expect(recorded(operation, wrong)).toEqual(record);
});

test("a guest with a bridge NIC has not started before its ports are right", () => {
  expect(recorded("prepare", [], BRIDGE)).toBeNull();
  expect(recorded("prepare", ["no"], BRIDGE)).toEqual({ kind: "refused", why: "no" });
  expect(recorded("start", [], BRIDGE)).toEqual({ kind: "started" });
});

test("a /run that is full changes nothing", () => {
  const writeFile = (): never => {
    throw new Error("ENOSPC");
  };
  expect(() => {
    recordStart("start", ROUTED, ["no"], { writeFile });
  }).not.toThrow();
});
