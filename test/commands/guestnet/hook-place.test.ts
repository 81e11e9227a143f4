import { expect, test } from "@jest/globals";
import { readFileSync } from "node:fs";
import {
  choosePlace,
  heldBy,
  placesOfOurs,
  versionOf,
} from "../../../src/commands/guestnet/install/hook-place.ts";

const OURS = readFileSync("dist/hooks/qemu", "utf8");
const { version } = JSON.parse(readFileSync("package.json", "utf8")) as { readonly version: string };

test("knows the built hook for ours, and its version", () => {
  expect(heldBy(OURS)).toBe("ours");
  expect(versionOf(OURS)).toBe(version);
});

test.each([
  [null, "nothing"],
  ["", "foreign"],
  ["#!/bin/sh\nexit 0\n", "foreign"],
  ["#!/bin/sh\n# guestnet is what we tried before\n", "foreign"],
  [`${"# ".padEnd(1000)}\n# guestnet 0.1.0: what libvirt runs\n`, "foreign"],
])("takes %j for %s", (text, held) => {
  expect(heldBy(text)).toBe(held);
});

test.each([
  ["nothing", "nothing", "qemu", []],
  ["ours", "nothing", "qemu", []],
  ["foreign", "nothing", "qemu.d/guestnet", []],
  ["foreign", "ours", "qemu.d/guestnet", []],
  ["nothing", "ours", "qemu.d/guestnet", []],
  ["ours", "ours", "qemu", ["qemu.d/guestnet"]],
  // Somebody else's file of our name in qemu.d is not ours to remove.
  ["ours", "foreign", "qemu", []],
] as const)("with qemu %s and qemu.d/guestnet %s it goes to %s", (main, part, place, superfluous) => {
  expect(choosePlace(main, part)).toEqual({ place, superfluous });
});

test("finds what is ours, wherever it is", () => {
  expect(placesOfOurs("foreign", "ours")).toEqual(["qemu.d/guestnet"]);
  expect(placesOfOurs("ours", "ours")).toEqual(["qemu", "qemu.d/guestnet"]);
  expect(placesOfOurs("foreign", "nothing")).toEqual([]);
});
