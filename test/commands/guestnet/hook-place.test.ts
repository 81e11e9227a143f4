import { expect, test } from "@jest/globals";
import { readFileSync } from "node:fs";
import {
  choosePlace,
  hookContent,
  PACKAGED,
  placesOfOurs,
  versionOf,
} from "../../../src/commands/guestnet/install/hook-place.ts";

const OURS = readFileSync("dist/hooks/qemu", "utf8");
const { version } = JSON.parse(readFileSync("package.json", "utf8")) as { readonly version: string };

test("knows the built hook for ours, and its version", () => {
  expect(hookContent(OURS)).toBe("copy");
  expect(versionOf(OURS)).toBe(version);
});

test.each([
  [null, "nothing"],
  ["", "foreign"],
  ["#!/bin/sh\nexit 0\n", "foreign"],
  ["#!/bin/sh\n# guestnet is what we tried before\n", "foreign"],
  [`${"# ".padEnd(1000)}\n# guestnet 0.1.0: what libvirt runs\n`, "foreign"],
])("takes %j for %s", (text, held) => {
  expect(hookContent(text)).toBe(held);
});

test("knows the package's link, wherever it leads in an image", () => {
  expect(hookContent(OURS, PACKAGED)).toBe("link");
  expect(hookContent(null, PACKAGED)).toBe("link");
  expect(hookContent("#!/bin/sh\nexit 0\n", "/opt/hooks/qemu")).toBe("foreign");
});

test.each([
  ["nothing", "nothing", "qemu", []],
  ["copy", "nothing", "qemu", []],
  ["foreign", "nothing", "qemu.d/guestnet", []],
  ["foreign", "copy", "qemu.d/guestnet", []],
  ["nothing", "copy", "qemu.d/guestnet", []],
  ["copy", "copy", "qemu", ["qemu.d/guestnet"]],
  // The link that a package has left behind leads nowhere.
  ["nothing", "link", "qemu.d/guestnet", []],
  // Somebody else's file of our name in qemu.d is not ours to remove.
  ["copy", "foreign", "qemu", []],
] as const)("with qemu %s and qemu.d/guestnet %s it goes to %s", (main, part, place, superfluous) => {
  expect(choosePlace(main, part, false)).toEqual({ place, superfluous });
});

test.each([
  ["nothing", "nothing", []],
  ["nothing", "link", []],
  ["copy", "nothing", ["qemu"]],
  ["copy", "link", ["qemu"]],
  ["link", "link", ["qemu"]],
  ["foreign", "copy", []],
] as const)(
  "the package's hook is linked into qemu.d: qemu %s, qemu.d/guestnet %s",
  (main, part, superfluous) => {
    expect(choosePlace(main, part, true)).toEqual({ place: "qemu.d/guestnet", superfluous });
  },
);

test("finds what is ours, wherever it is", () => {
  expect(placesOfOurs("foreign", "copy")).toEqual(["qemu.d/guestnet"]);
  expect(placesOfOurs("copy", "link")).toEqual(["qemu", "qemu.d/guestnet"]);
  expect(placesOfOurs("foreign", "nothing")).toEqual([]);
});
