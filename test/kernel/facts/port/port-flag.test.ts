import { expect, test } from "@jest/globals";
import { type IfName, parseIfName } from "../../../../src/values/names.ts";
import { observePortFlags, observeUnlockable } from "../../../../src/kernel/facts/port/port-flag.ts";
import { recorded } from "../../../support/recorded.ts";

const port = parseIfName("vm-0") ?? ("" as IfName);
const flags = (documents: readonly unknown[]): object =>
  Object.fromEntries(observePortFlags(port, documents).map(({ flag, on }) => [flag, on]));

test("reads the flags of a port from what bridge really printed", () => {
  expect(flags(recorded("port"))).toEqual({
    ...{ isolated: false, learning: false, locked: true, guard: true, root_block: true },
  });
});

test("a flag that the kernel does not know is off, and without `locked` the port cannot be locked", () => {
  const documents = JSON.parse(
    JSON.stringify(recorded("port")).replace(',"locked":true', ""),
  ) as readonly unknown[];
  expect(flags(documents)).toMatchObject({ locked: false, guard: true });
  expect(observeUnlockable(port, documents)).toEqual([port]);
  expect(observeUnlockable(port, recorded("port"))).toEqual([]);
});

test("a device that is no port has no flags, and nothing to lock", () => {
  expect(flags([])).toEqual({});
  expect(observeUnlockable(port, [])).toEqual([]);
});
