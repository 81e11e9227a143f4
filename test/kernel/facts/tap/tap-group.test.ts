import { expect, test } from "@jest/globals";
import { readFileSync } from "node:fs";
import { PORT_GROUPS } from "../../../../src/kernel/facts/port/port-group.ts";
import { groupSet, tapGroup } from "../../../../src/kernel/facts/tap/tap-group.ts";
import type { Reach } from "../../../../src/values/reach.ts";

const reaches: readonly Reach[] = ["any", "uplink-only"];
const subjects = [true, false].flatMap((antispoof) => reaches.map((reach) => ({ antispoof, reach })));

test("an interface group says one thing: of a routed tap what it is subject to, or of a bridge port how far it is", () => {
  const all = [...subjects.map(tapGroup), ...PORT_GROUPS];
  expect(new Set(all).size).toBe(all.length);
  expect(all).not.toContain(0);
});

test("SECURITY.md names all of them, and no other", () => {
  const all = [...subjects.map(tapGroup), ...PORT_GROUPS];
  const [, first, last] = /interface groups (\d+) to (\d+)/.exec(readFileSync("SECURITY.md", "utf8")) ?? [];
  expect([Number(first), Number(last)]).toEqual([Math.min(...all), Math.max(...all)]);
  expect(all).toHaveLength(Number(last) - Number(first) + 1);
});

test("a rule names the groups of all taps that it is for", () => {
  expect(groupSet(({ antispoof }) => antispoof)).toBe("{ 76, 79 }");
  expect(groupSet(({ reach }) => reach === "uplink-only")).toBe("{ 79, 80 }");
});
