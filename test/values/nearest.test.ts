import { expect, test } from "@jest/globals";
import { nearest } from "../../src/values/nearest.ts";

const KNOWN = ["name", "memory", "vlan", "vlans", "interfaces"];

test.each([
  ["nmae", "name"],
  ["emmory", "memory"],
  ["valn", "vlan"],
  ["VLAN", "vlan"],
  ["memry", "memory"],
  ["interfcaes", "interfaces"],
  ["eman", null],
  ["network", null],
  ["", null],
])("%j is near %j", (word, meant) => {
  expect(nearest(word, KNOWN)).toBe(meant);
});
